import DeptopScreen
import Glibc
import Testing

/// A canvas compared with the text file that was recorded for it.
enum ScreenSnapshot {
  private static let isRecording = unsafe getenv("DEPTOP_RECORD_SNAPSHOTS") != nil

  /// Records an issue when the screen is not as recorded, or was recorded just now.
  static func check(_ canvas: Canvas, _ name: String, location: SourceLocation = #_sourceLocation) {
    let text = canvas.text().joined(separator: "\n") + "\n"
    check(text, name, location: location)
  }

  /// The same for any text.
  static func check(_ text: String, _ name: String, location: SourceLocation = #_sourceLocation) {
    let path = folder + name + ".txt"
    if isRecording {
      write(text, to: path)
      Issue.record("recorded \(name)", sourceLocation: location)
      return
    }
    guard let recorded = read(path) else {
      Issue.record("\(name) was never recorded: set DEPTOP_RECORD_SNAPSHOTS=1", sourceLocation: location)
      return
    }
    guard recorded != text else { return }
    Attachment.record(text, named: name + ".txt")
    Issue.record("\(name) is not as recorded; it is now:\n\(text)", sourceLocation: location)
  }

  private static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast()
    return "/" + parts.joined(separator: "/") + "/__Snapshots__/"
  }()

  private static func read(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ text: String, to path: String) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    #expect(descriptor >= 0, "cannot write \(path)")
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    #expect(unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "cannot write \(path)")
  }
}
