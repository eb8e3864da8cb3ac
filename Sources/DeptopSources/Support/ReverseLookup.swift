package import DeptopModel

/// Looks up the names of addresses, and whether each name leads back to its address; on the thread that calls it.
package struct ReverseLookup: Sendable {
  /// Questions that one call asks, whatever the number of addresses.
  package static let questions = 32
  /// Resolvers that are asked, one after the other, as long as none answers.
  package static let resolversUsed = 3

  /// What became of one address.
  package enum Outcome: Sendable, Hashable {
    /// A name that leads back; the smaller TTL of the two answers.
    case name(String, ttl: Duration)
    /// It has no name, or none that leads back.
    case unnamed
    /// Nobody answered.
    case failed
  }

  private let resolvers: [SocketAddress]
  private let timeout: Duration

  /// - Parameters:
  ///   - resolvers: In the order in which they are asked; at most ``resolversUsed`` count.
  ///   - timeout: How long each resolver may take for all names, and then for their confirmation.
  package init(resolvers: [SocketAddress], timeout: Duration) {
    self.resolvers = Array(resolvers.prefix(ReverseLookup.resolversUsed))
    self.timeout = timeout
  }

  /// Blocks until all is found out; what does not fit into the questions of one call, or is interrupted, is left out.
  package func names(of addresses: [IPAddress], interrupt: Interrupt) -> [IPAddress: Outcome] {
    // Each address may take one question of each resolver and one to confirm its name.
    var left = Array(addresses.prefix(ReverseLookup.questions / (resolvers.count + 1)))
    var outcomes: [IPAddress: Outcome] = [:]
    var claims: [Claim] = []
    var asked = 0
    for resolver in resolvers where !left.isEmpty {
      asked += left.count
      let answers = ReverseRun(resolver: resolver, timeout: timeout, interrupt: interrupt).names(of: left)
      for (address, answer) in answers {
        let new = answer.claims(for: address, resolver: resolver)
        claims += new
        // What has names is decided by their confirmation.
        if new.isEmpty { outcomes[address] = answer.isFailure ? .failed : .unnamed } else { outcomes[address] = nil }
      }
      left = left.filter { outcomes[$0] == .failed }
    }
    let limit = ReverseLookup.questions - asked
    return outcomes.merging(verdicts(on: claims, limit: limit, interrupt: interrupt)) { _, verdict in verdict }
  }

  /// What becomes of each address that has names: the first one that leads back counts.
  private func verdicts(on claims: [Claim], limit: Int, interrupt: Interrupt) -> [IPAddress: Outcome] {
    // The first names of all addresses go before the second ones.
    let chosen = claims.sorted { ($0.rank, $0.address) < ($1.rank, $1.address) }.prefix(max(0, limit))
    var outcomes: [IPAddress: Outcome] = [:]
    for (resolver, claims) in Dictionary(grouping: chosen, by: \.resolver) {
      let run = ReverseRun(resolver: resolver, timeout: timeout, interrupt: interrupt)
      for (claim, outcome) in run.verdicts(on: claims) {
        switch (outcomes[claim.address], outcome) {
        case (nil, _), (.failed, .name), (.unnamed, .name), (.unnamed, .failed):
          outcomes[claim.address] = outcome
        default: continue
        }
      }
    }
    return outcomes
  }
}

extension ReverseAnswer {
  fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
