/// One TCP connection as `ss -tinop` prints it: the kernel's own view, read by a program that is not deptop's.
package struct KernelSocket: Sendable, Hashable {
  /// As ss spells it: `ESTAB`, `SYN-SENT`, `CLOSE-WAIT`.
  package let state: String
  /// Bytes that the application has not read, and bytes that the peer has not acknowledged.
  package let receiveQueue: Int
  package let sendQueue: Int
  /// `address:port`.
  package let local: String
  package let remote: String
  /// `on` (retransmission), `keepalive`, `persist` (zero window); nil when none runs.
  package let timer: String?
  /// How often that timer has fired in vain.
  package let timerRetries: Int
  /// A process that holds it; nil when none does.
  package let pid: Int32?
  private let figures: [String: String]

  /// - Returns: nil for a line that is not a connection's.
  init?(_ line: Substring) {
    let words = line.split { $0 == " " || $0 == "\t" }
    guard words.count >= 5, let receiveQueue = Int(words[1]), let sendQueue = Int(words[2]) else { return nil }
    state = String(words[0])
    self.receiveQueue = receiveQueue
    self.sendQueue = sendQueue
    local = String(words[3])
    remote = String(words[4])
    var figures: [String: String] = [:]
    for word in words.dropFirst(5) {
      let parts = word.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { figures[String(parts[0])] = String(parts[1]) }
    }
    // `users:(("redis-cli",pid=812,fd=3))`
    let users = (figures["users"] ?? "").split { "(,)".contains($0) }
    pid = users.first { $0.hasPrefix("pid=") }.flatMap { Int32($0.dropFirst(4)) }
    // `(on,1.6sec,3)`
    let clock = (figures["timer"] ?? "").split { "(,)".contains($0) }
    timer = clock.first.map(String.init)
    timerRetries = clock.last.flatMap { Int($0) } ?? 0
    self.figures = figures
  }

  package var localPort: UInt16 { KernelSocket.port(local) }
  package var remotePort: UInt16 { KernelSocket.port(remote) }

  /// A figure by the name that ss gives it, such as `lastsnd` in ms; 0 when it is not printed, which ss does for zero.
  package func figure(_ name: String) -> Int {
    // Some carry a limit or a total behind a slash, and times carry their unit.
    figures[name].flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
  }

  package var unacknowledged: Int { figure("unacked") }
  /// Retransmission timeouts in a row that nothing has answered.
  package var backoff: Int { figure("backoff") }
  /// Since data was received last, and sent last (again sent data counts).
  package var sinceReceived: Duration { .milliseconds(figure("lastrcv")) }
  package var sinceSent: Duration { .milliseconds(figure("lastsnd")) }
  /// Since data moved in either direction.
  package var quiet: Duration { min(sinceReceived, sinceSent) }
  /// Time with unacknowledged data over the connection's life.
  package var busy: Duration { .milliseconds(figure("busy")) }
  package var segmentSize: Int { figure("mss") }
  /// Mean size of what was sent again, bytes; nil when nothing was.
  package var meanRetransmit: Int? {
    // `retrans:1/5`: outstanding and all.
    let count = figures["retrans"]?.split(separator: "/").last.flatMap { Int($0) } ?? 0
    return count > 0 ? figure("bytes_retrans") / count : nil
  }

  /// Until the timer fires; nil when none runs.
  package var timerRemaining: Duration? {
    guard timer != nil else { return nil }
    return KernelSocket.duration((figures["timer"] ?? "").split { "(,)".contains($0) }.dropFirst().first ?? "")
  }

  /// `040ms`, `1.520ms` (1 s and 520 ms), `9sec`, `1min9sec`, `119min`.
  private static func duration(_ text: Substring) -> Duration {
    var rest = text
    var minutes = 0
    if let end = rest.firstRange(of: "min") {
      minutes = Int(rest[..<end.lowerBound]) ?? 0
      rest = rest[end.upperBound...]
    }
    let numbers = rest.split { !$0.isNumber }.compactMap { Int($0) }
    let milliseconds = rest.hasSuffix("ms") ? numbers.last ?? 0 : 0
    let seconds = rest.hasSuffix("ms") ? (numbers.count > 1 ? numbers[0] : 0) : numbers.first ?? 0
    return .seconds(minutes * 60 + seconds) + .milliseconds(milliseconds)
  }

  private static func port(_ end: String) -> UInt16 {
    end.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
  }
}
