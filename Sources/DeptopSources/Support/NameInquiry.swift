/// The questions that one name takes, one candidate of the search list after the other.
package struct NameInquiry: Sendable {
  /// What has to happen next.
  package enum Step: Sendable, Hashable {
    /// The other family has not ended yet.
    case wait
    /// Both families of this complete name have to be asked for.
    case ask(String)
    case end(NameReply)
  }

  /// The complete name that is being asked for.
  package private(set) var current: String
  private var remaining: ArraySlice<String>
  private var replies: [AddressFamily: FamilyReply] = [:]
  /// What is reported when no candidate has an address.
  private var fallback: NameReply?

  package init(name: String, search: SearchList) {
    let candidates = search.candidates(for: name)
    current = candidates.first ?? name
    remaining = candidates.dropFirst()
  }

  package mutating func record(_ reply: FamilyReply, for family: AddressFamily) -> Step {
    replies[family] = reply
    guard let v4 = replies[.v4], let v6 = replies[.v6] else { return .wait }
    replies = [:]
    return conclude(NameReply(v4: v4, v6: v6))
  }

  private mutating func conclude(_ reply: NameReply) -> Step {
    if !reply.families.isEmpty || reply.isInterrupted || reply.isSilence { return .end(reply) }
    if let known = fallback, known.weight >= reply.weight {
      fallback = known
    } else {
      fallback = reply
    }
    guard let next = remaining.popFirst() else { return .end(fallback ?? reply) }
    current = next
    return .ask(next)
  }
}

extension NameReply {
  /// True when it is pointless to ask this resolver for another candidate.
  fileprivate var isSilence: Bool {
    AddressFamily.allCases.contains { if case .silence = self[$0] { true } else { false } }
  }

  /// How much a reply without addresses says: an error hides what the name may have, an existing name counts
  /// more than one that does not exist.
  fileprivate var weight: Int {
    AddressFamily.allCases.map { family in
      switch self[family] {
      case .refusal, .silence, .interrupted: 2
      case .noAddress: 1
      case .noSuchName, .addresses: 0
      }
    }.max() ?? 0
  }
}
