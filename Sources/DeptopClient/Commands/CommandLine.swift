internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials

/// One line of the command stream, with the dependency that it is about.
struct CommandLine: Sendable, Hashable {
  /// What a command's timeout is cut to: a number from outside is not made a duration unchecked.
  static let timeouts: ClosedRange<Double> = 0.1...3_600

  var command: OperatorCommand
  var dependency: String
  /// True when it takes the command of this number back.
  var isWithdrawal: Bool

  /// Reads a line.
  ///
  /// - Throws: ``ReportingProblem/Kind/malformedAnswer`` when it is no command.
  init(_ line: [UInt8]) throws(ReportingProblem) {
    let wire: WireCommand
    do {
      wire = try JSONDecoder().decode(WireCommand.self, from: Data(line))
    } catch {
      throw .malformed("a line is no command: \(shown(String(decoding: line.prefix(64), as: UTF8.self)))")
    }
    guard wire.timeoutSeconds.isFinite else { throw .malformed("command \(wire.number) has no finite timeout") }
    guard let verb = CommandVerb(wire.verb) else {
      throw .malformed("command \(wire.number) is a \(wire.verb.rawValue), which no application is told")
    }
    dependency = wire.dependency
    isWithdrawal = wire.isCancelled == true
    command = OperatorCommand(
      number: wire.number, verb: verb, scope: CommandScope(wire.scope),
      connections: wire.connections?.map {
        CommandTarget(localAddress: $0.address.description, localPort: $0.port)
      },
      breaker: wire.breaker.map(CircuitState.init), timeout: .seconds(wire.timeoutSeconds.clamped(to: Self.timeouts)),
      reason: wire.reason)
  }
}

/// ``DeptopWire/AgentCommand`` with a plain number as its timeout.
private struct WireCommand: Decodable {
  var number: UInt64
  var verb: ActionVerb
  var dependency: String
  var scope: ActionScope
  var connections: [SocketAddress]?
  var breaker: BreakerState?
  var timeoutSeconds: Double
  var reason: String?
  var isCancelled: Bool?
}

/// Cuts a stream into lines, in bounded space.
struct LineSplitter: Sendable {
  /// The most bytes of one line.
  static let limit = 65_536

  private var rest: [UInt8] = []

  /// The lines that are complete now, without their line feeds; empty ones are left out.
  ///
  /// - Throws: ``ReportingProblem/Kind/malformedAnswer`` when a line is too long.
  mutating func lines(in received: [UInt8]) throws(ReportingProblem) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for byte in received {
      if byte == 10 {
        if rest.last == 13 { rest.removeLast() }
        if !rest.isEmpty { lines.append(rest) }
        rest = []
      } else {
        guard rest.count < LineSplitter.limit else {
          throw .malformed("a line has more than \(LineSplitter.limit) bytes")
        }
        rest.append(byte)
      }
    }
    return lines
  }
}
