internal import DeptopModel
internal import DeptopWire

/// Who may read and who may act, by number.
struct Rights: Sendable {
  /// A set of users.
  enum Holders: Sendable, Hashable {
    case everyone
    case some(users: Set<UInt32>, groups: Set<UInt32>)

    func contains(_ peer: Peer) -> Bool {
      switch self {
      case .everyone: true
      case .some(let users, let groups): users.contains(peer.uid) || !groups.isDisjoint(with: peer.groups)
      }
    }
  }

  var viewers: Holders
  var operators: Holders
  /// The user that the collector runs as: may do whatever the collector may.
  var owner: UInt32
  /// What the operators have to keep to.
  var policy = ActionPolicy.none

  /// Refuses a peer that may not use a verb on a dependency.
  func require(_ verb: ActionVerb, on dependency: DependencyID, of peer: Peer) throws(Refusal) {
    try requireOperator(peer)
    try policy.require(verb, on: dependency, of: peer, owner: owner)
  }

  /// Refuses a peer that may not read.
  func requireViewer(_ peer: Peer) throws(Refusal) {
    guard viewers.contains(peer) || isOperator(peer) else {
      throw Refusal(.forbidden, "\(peer.label) may not read: it is not among the viewers of this collector")
    }
  }

  /// Refuses a peer that may not act.
  func requireOperator(_ peer: Peer) throws(Refusal) {
    guard isOperator(peer) else {
      throw Refusal(
        .forbidden,
        "\(peer.label) may look but not act: it is not among the operators of this collector "
          + "(root and the group deptop, unless configured)")
    }
  }

  private func isOperator(_ peer: Peer) -> Bool {
    peer.uid == owner || operators.contains(peer)
  }
}

/// The process at the other end of a connection, as the kernel knows it.
struct Peer: Sendable, Hashable {
  var pid: Int32
  var uid: UInt32
  /// Primary and supplementary groups.
  var groups: Set<UInt32>
  var user: String?

  var label: String { actor.label }
  var actor: Actor { Actor(uid: uid, pid: pid, user: user) }
}
