internal import DeptopClient
internal import Glibc

/// `agent-fixture`: a service with a real pool of connections to a line-echo server, which embeds DeptopClient.
///
/// It counts what it does itself and prints that once a second, so that what deptop shows can be compared with it.
@main
struct AgentFixture {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    // Blocked before any thread is made, so that sigtimedwait below is the only receiver.
    var ends = sigset_t()
    unsafe sigemptyset(&ends)
    unsafe sigaddset(&ends, SIGTERM)
    unsafe sigaddset(&ends, SIGINT)
    unsafe pthread_sigmask(SIG_BLOCK, &ends, nil)
    do {
      let options = try FixtureOptions(CommandLine.arguments.dropFirst())
      try FixtureService(options).run(until: ends)
    } catch {
      write("agent-fixture: \(error)\n", to: STDERR_FILENO)
      exit(2)
    }
  }
}

/// What the fixture is told.
struct FixtureOptions: Sendable {
  var socket = ReporterConfiguration.defaultIngestSocket
  var name = "orders"
  var host = "127.0.0.1"
  var port: UInt16 = 0
  var connections = 4
  /// Requests per second.
  var rate = 100

  init(_ arguments: some Sequence<String>) throws(FixtureFailure) {
    var rest = Array(arguments)[...]
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { throw FixtureFailure("\(option) needs a value") }
      switch option {
      case "--socket": socket = value
      case "--name": name = value
      case "--host": host = value
      case "--port": port = try FixtureOptions.number(value, of: option)
      case "--connections": connections = try FixtureOptions.number(value, of: option)
      case "--rate": rate = try FixtureOptions.number(value, of: option)
      default: throw FixtureFailure("there is no option \(option)")
      }
    }
    guard port > 0 else { throw FixtureFailure("--port is missing") }
    guard 1...1_000 ~= connections, 1...100_000 ~= rate else {
      throw FixtureFailure("--connections must be 1 to 1000, and --rate 1 to 100000")
    }
  }

  private static func number<Number: FixedWidthInteger>(
    _ text: String, of option: String
  ) throws(FixtureFailure) -> Number {
    guard let number = Number(text) else { throw FixtureFailure("\(option) is no number in its range: \(text)") }
    return number
  }
}

/// What went wrong, in one sentence.
struct FixtureFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Writes a text at once; a reader that is gone is no reason to stop.
func write(_ text: String, to descriptor: Int32) {
  let bytes = Array(text.utf8)
  _ = unsafe write(descriptor, bytes, bytes.count)
}
