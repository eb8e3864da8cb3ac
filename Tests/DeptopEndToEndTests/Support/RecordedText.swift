import DeptopTestSupport
import FoundationEssentials
import Glibc
import Testing

/// A text that was recorded and has to stay as it is; `DEPTOP_RECORD_SNAPSHOTS=1` records it anew.
struct RecordedText {
  private let name: String
  private static let isRecording = unsafe getenv("DEPTOP_RECORD_SNAPSHOTS") != nil

  init(_ name: String) {
    self.name = name
  }

  /// Asks for a text until it is the recorded one; records an issue with the last one when it never is.
  func check(
    within limit: Duration = .seconds(20), location: SourceLocation = #_sourceLocation,
    _ text: () async throws -> String
  ) async throws {
    if RecordedText.isRecording {
      try Data(try await text().utf8).write(to: url)
      Issue.record("recorded \(name)", sourceLocation: location)
      return
    }
    let recorded = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    var last = ""
    do {
      try await waitUntil("\(name) is as recorded", within: limit) {
        last = try await text()
        return last == recorded
      }
    } catch is TestFailure {
      Attachment.record(last, named: name)
      Issue.record("\(name): \(RecordedText.difference(recorded, last))", sourceLocation: location)
    }
  }

  private var url: URL {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return URL(filePath: "/\(folder)/__Snapshots__/\(name)")
  }

  private static func difference(_ recorded: String, _ text: String) -> String {
    let (old, new) = (recorded.split(separator: "\n"), text.split(separator: "\n"))
    let gone = old.filter { !new.contains($0) }.map { "- \($0)" }
    let added = new.filter { !old.contains($0) }.map { "+ \($0)" }
    return (["is not as recorded"] + gone + added).joined(separator: "\n")
  }
}
