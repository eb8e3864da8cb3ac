internal import DeptopBlocking
internal import DeptopWire
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// What a server of the lab is told: JSON values, one a line, from whatever kind of file the descriptor is.
final class ServerInput: Sendable {
  private let thread = BlockingThread()
  private let lines: Mutex<DescriptorLines>

  init(_ descriptor: Int32) {
    lines = Mutex(DescriptorLines(descriptor: descriptor))
  }

  /// The next value; nil at the end of the input.
  func next<Value: Decodable & Sendable>(_ type: Value.Type) async throws(ServerRoleProblem) -> Value? {
    let line = try await thread.run { [self] () throws(ServerRoleProblem) in
      try lines.withLock { lines throws(ServerRoleProblem) in try lines.next() }
    }
    guard let line else { return nil }
    do {
      return try WireCoding().decode(type, from: Data(line))
    } catch {
      throw ServerRoleProblem("a line of the input is no \(type): \(error)")
    }
  }

  /// Says that the server serves.
  static func announce(on descriptor: Int32) throws(ServerRoleProblem) {
    let line = Array("ready\n".utf8)
    guard unsafe write(descriptor, line, line.count) == line.count else {
      throw ServerRoleProblem("cannot say that it is ready", code: errno)
    }
  }
}

/// Lines of a descriptor, read with calls that block.
private struct DescriptorLines {
  let descriptor: Int32
  private var pending: [UInt8] = []
  private var hasEnded = false

  /// The longest line that is accepted, bytes.
  private static let longest = 1 << 20

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// The next line that is not empty, without its line feed; nil at the end.
  ///
  /// A last line that is cut is no line.
  mutating func next() throws(ServerRoleProblem) -> [UInt8]? {
    while true {
      if let feed = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(pending[..<feed])
        pending.removeSubrange(...feed)
        if !line.isEmpty { return line }
      } else if hasEnded {
        return nil
      } else {
        try read()
      }
    }
  }

  private mutating func read() throws(ServerRoleProblem) {
    guard pending.count <= Self.longest else {
      throw ServerRoleProblem("a line of the input has more than \(Self.longest) bytes")
    }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
    if count < 0 && errno != EINTR { throw ServerRoleProblem("the input cannot be read", code: errno) }
    if count == 0 { hasEnded = true }
    pending.append(contentsOf: bytes.prefix(max(0, count)))
  }
}
