internal import DeptopBenchmarkFigures
internal import FoundationEssentials

extension Report {
  /// Prints as JSON, or a table and what comes with it.
  func print(asJSON isJSON: Bool, _ table: TextTable) throws {
    if isJSON {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
      return
    }
    for line in table.lines { Swift.print(line) }
    for peer in missing { Swift.print("missing: \(peer.name) (\(peer.reason))") }
    if !ratios.isEmpty {
      let texts = ratios.sorted { $0.key < $1.key }.map { "\($0.value.text(digits: 2)) × \($0.key)" }
      Swift.print("deptop: " + texts.joined(separator: ", "))
    }
    for target in targets {
      let verdict = target.isMet ? "met   " : "missed"
      Swift.print(
        "\(verdict)  \(target.name): \(target.measured.text(digits: 2)), at most \(target.limit.text(digits: 2))")
    }
  }
}
