import DeptopLab
import DeptopModel
import DeptopTestSupport
import DeptopWire
import FoundationEssentials

/// How the requests of one service to one dependency ended since the service started.
struct LabRecord: Equatable {
  /// By the word for how they ended, such as `success`.
  var ends: [String: Int] = [:]
  /// By what was waited for when a time limit ended them, such as `read`.
  var limits: [String: Int] = [:]
  var attempts = 0

  /// Both have every count that either of them has, within 1 % or two requests.
  func isAlmost(_ other: LabRecord) -> Bool {
    Self.areAlmost(ends, other.ends) && Self.areAlmost(limits, other.limits)
      && Self.areAlmost(["attempts": attempts], ["attempts": other.attempts])
  }

  private static func areAlmost(_ left: [String: Int], _ right: [String: Int]) -> Bool {
    Set(left.keys).union(right.keys).allSatisfy { key in
      let (one, two) = (left[key] ?? 0, right[key] ?? 0)
      return Double(abs(one - two)) <= max(2, 0.01 * Double(max(one, two)))
    }
  }
}

extension LabRecord {
  /// What the lab's own ledger says.
  static func ledger(of client: String, _ dependency: String, in files: LabFiles) throws -> LabRecord {
    var follower = LedgerFollower(path: files.ledger(client))
    var lines: [(number: Int, line: LedgerLine.RequestLine)] = []
    for case .request(let line) in try follower.news() {
      guard let number = line.id.split(separator: "-").last.flatMap({ Int($0) }) else {
        throw TestFailure("\(line.id) is no id")
      }
      lines.append((number, line))
    }
    let first = firstNumber(lines.map(\.number))
    var record = LabRecord()
    for (number, line) in lines where number >= first && line.dependency == dependency {
      record.ends[line.end.rawValue, default: 0] += 1
      if line.limit != "-" { record.limits[line.limit, default: 0] += 1 }
      record.attempts += line.attempts
    }
    return record
  }

  /// The number of the first request since the service was started last: each start leaves out thousands of numbers.
  private static func firstNumber(_ numbers: [Int]) -> Int {
    var first = numbers.max() ?? 0
    for number in numbers.sorted(by: >) where first - number < 1000 { first = number }
    return first
  }

  /// What deptop says.
  static func shown(of client: String, _ dependency: String, in files: LabFiles) async throws -> LabRecord {
    let answer = try await Curl(files.controlSocket).get("\(API.dependencies)/\(dependency)")
    guard answer.status == 200 else { throw TestFailure("\(dependency): \(answer)") }
    let detail = try WireCoding().decode(DependencyDetail.self, from: Data(answer.body.utf8))
    guard let totals = detail.clients.first(where: { $0.client.name == client })?.report.totals else {
      throw TestFailure("deptop knows no client \(client) of \(dependency): \(detail.clients.map(\.client.name))")
    }
    var record = LabRecord()
    for (fate, count) in totals.fates ?? [:] where count > 0 { record.ends[fate.rawValue] = Int(count) }
    for (category, count) in totals.timeouts ?? [:] where count > 0 { record.limits[category.rawValue] = Int(count) }
    record.attempts = Int(totals.attempts ?? 0)
    return record
  }
}
