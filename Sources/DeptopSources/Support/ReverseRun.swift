internal import DeptopModel

/// A name that an address is said to have.
struct Claim {
  var address: IPAddress
  var name: String
  /// 0 for the first name of the address, in alphabetical order: resolvers rotate them.
  var rank: Int
  var ttl: Duration
  var resolver: SocketAddress
}

/// What a resolver said of the names of one address.
enum ReverseAnswer {
  case names([String], ttl: Duration)
  case unnamed
  /// It did not answer, or with an error.
  case failed

  func claims(for address: IPAddress, resolver: SocketAddress) -> [Claim] {
    guard case .names(let names, let ttl) = self else { return [] }
    return names.filter(HostName.isUsable).sorted().enumerated().map { rank, name in
      Claim(address: address, name: name, rank: rank, ttl: ttl, resolver: resolver)
    }
  }
}

/// The questions for one resolver.
struct ReverseRun {
  let resolver: SocketAddress
  let timeout: Duration
  let interrupt: Interrupt

  /// What it says of the names of each address; interrupted questions are left out.
  func names(of addresses: [IPAddress]) -> [IPAddress: ReverseAnswer] {
    let replies = replies(count: addresses.count) { conversation, index in
      conversation.askNames(UInt32(index), of: addresses[index], resolver: resolver)
    }
    var answers: [IPAddress: ReverseAnswer] = [:]
    for (index, reply) in replies {
      switch reply.reply {
      case .addresses(_, let ttl): answers[addresses[index]] = .names(reply.names, ttl: ttl)
      case .noSuchName, .noAddress: answers[addresses[index]] = .unnamed
      case .refusal, .silence: answers[addresses[index]] = .failed
      case .interrupted: continue
      }
    }
    return answers
  }

  /// Whether the name of each claim has its address, in the order of the claims; interrupted questions are left out.
  func verdicts(on claims: [Claim]) -> [(claim: Claim, outcome: ReverseLookup.Outcome)] {
    let replies = replies(count: claims.count) { conversation, index in
      let claim = claims[index]
      return conversation.ask(UInt32(index), for: claim.name, of: resolver, family: claim.address.isV4 ? .v4 : .v6)
    }
    return claims.enumerated().compactMap { index, claim in
      switch replies[index]?.reply {
      case .addresses(let addresses, let ttl) where addresses.contains(claim.address):
        (claim, .name(claim.name, ttl: min(claim.ttl, ttl)))
      case .addresses, .noSuchName, .noAddress: (claim, .unnamed)
      case .refusal, .silence: (claim, .failed)
      case .interrupted, nil: nil
      }
    }
  }

  private func replies(
    count: Int, ask: (borrowing DNSConversation, Int) -> Bool
  ) -> [Int: DNSConversation.Reply] {
    // Without memory nothing is found out, and all is asked for again later.
    guard count > 0, let conversation = DNSConversation(timeout: timeout) else { return [:] }
    for index in 0..<count where !ask(conversation, index) { break }
    let deadline = MonotonicTime.now() + timeout
    var replies: [Int: DNSConversation.Reply] = [:]
    while let reply = conversation.next(until: deadline, interrupt: interrupt) {
      replies[Int(reply.question)] = reply
    }
    return replies
  }
}
