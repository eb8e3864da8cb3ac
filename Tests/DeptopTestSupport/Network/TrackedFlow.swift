/// One TCP flow as a router tracks it, by `conntrack -L`.
package struct TrackedFlow: Sendable, Hashable {
  package let state: String
  /// Until it is forgotten, when nothing passes.
  package let secondsLeft: Int
  /// As the client sees itself and its peer.
  package let source: String
  package let sourcePort: UInt16
  package let destination: String
  package let destinationPort: UInt16
  /// Who really answers.
  package let replySource: String

  /// - Returns: nil for a line that is not a TCP flow's.
  init?(_ line: Substring) {
    let words = line.split(separator: " ")
    guard words.count > 10, words[0] == "tcp", let secondsLeft = Int(words[2]) else { return nil }
    self.secondsLeft = secondsLeft
    state = String(words[3])
    // The original direction comes first, the reply's second.
    var values: [Substring: [String]] = [:]
    for word in words.dropFirst(4) {
      let parts = word.split(separator: "=")
      if parts.count == 2 { values[parts[0], default: []].append(String(parts[1])) }
    }
    guard let sources = values["src"], sources.count == 2, let destination = values["dst"]?.first,
      let sourcePort = values["sport"]?.first.flatMap({ UInt16($0) }),
      let destinationPort = values["dport"]?.first.flatMap({ UInt16($0) })
    else { return nil }
    source = sources[0]
    replySource = sources[1]
    self.destination = destination
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
  }
}

extension NetworkSpace {
  /// The TCP flows to a port that are tracked in here as established.
  package func trackedFlows(to port: UInt16) async throws -> [TrackedFlow] {
    try await run(["conntrack", "-L", "-p", "tcp"]).split(separator: "\n").compactMap { TrackedFlow($0) }
      .filter { $0.destinationPort == port && $0.state == "ESTABLISHED" }
  }
}
