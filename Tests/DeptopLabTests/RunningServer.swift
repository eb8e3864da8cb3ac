import DeptopBlocking
import DeptopLab
import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import Glibc
import Synchronization

/// A server's role in the test's own process, told by a pipe as the lab tells it.
final class RunningServer: Sendable {
  typealias Role = @Sendable (_ input: Int32, _ output: Int32) async throws -> Void

  private let input: Mutex<Int32>
  private let role: Task<Void, any Error>

  private init(input: Int32, role: Task<Void, any Error>) {
    self.input = Mutex(input)
    self.role = role
  }

  deinit {
    closeInput()
  }

  /// Starts it and waits until it says that it is ready.
  static func start(_ spec: some Encodable, _ run: @escaping Role) async throws -> RunningServer {
    let (input, told) = try makePipe()
    let (said, output) = try makePipe()
    let role = Task {
      defer {
        close(input)
        close(output)
      }
      try await run(input, output)
    }
    let server = RunningServer(input: told, role: role)
    try server.tell(spec)
    let line = await BlockingThread().run {
      defer { close(said) }
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = unsafe read(said, &bytes, bytes.count)
      return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
    guard line == "ready\n" else {
      server.closeInput()
      try await role.value
      throw TestFailure("the server said \(line)")
    }
    return server
  }

  /// Sends it one value.
  func tell(_ value: some Encodable) throws {
    try tell(line: WireCoding().encodeLine(value))
  }

  func tell(line: Data) throws {
    let count = input.withLock { descriptor in
      unsafe line.withUnsafeBytes { bytes in unsafe write(descriptor, bytes.baseAddress, bytes.count) }
    }
    guard count == line.count else { throw TestFailure("the server takes no line: error \(errno)") }
  }

  /// Ends its input, and waits for its end, which may be an error.
  func end() async throws {
    closeInput()
    try await role.value
  }

  private func closeInput() {
    input.withLock { descriptor in
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
    }
  }
}

private func makePipe() throws -> (reading: Int32, writing: Int32) {
  var ends: [Int32] = [-1, -1]
  guard unsafe pipe(&ends) == 0 else { throw TestFailure("no pipe: error \(errno)") }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}

/// Loopback addresses of which each is used by one test of one process only, so that a port is always free.
enum FreshAddress {
  private static let count = Atomic<Int>(0)

  static func next() -> String {
    let number = count.add(1, ordering: .relaxed).newValue
    let process = Int(getpid())
    return "127.\(100 + process % 100).\(process / 100 % 256).\(number % 250 + 1)"
  }
}
