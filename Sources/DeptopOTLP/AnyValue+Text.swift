extension OTLPAnyValue {
  /// The value as one text of at most so many Unicode scalars: lists joined by commas, bytes as their number.
  func text(limit: Int) -> String {
    let text = text(depth: 0)
    guard text.unicodeScalars.count > limit else { return text }
    var cut = String.UnicodeScalarView()
    cut.append(contentsOf: text.unicodeScalars.prefix(limit))
    return String(cut)
  }

  private func text(depth: Int) -> String {
    // A label is matched as a whole: what is nested deeper tells nothing apart.
    guard depth < 4 else { return "…" }
    return switch value {
    case .stringValue(let text): text
    case .boolValue(let value): value ? "true" : "false"
    case .intValue(let value): String(value)
    case .doubleValue(let value): "\(value)"
    case .arrayValue(let array): array.values.map { $0.text(depth: depth + 1) }.joined(separator: ",")
    case .kvlistValue(let list):
      list.values.map { "\($0.key)=\($0.value.text(depth: depth + 1))" }.joined(separator: ",")
    case .bytesValue(let bytes): "\(bytes.count) bytes"
    case nil: ""
    }
  }
}
