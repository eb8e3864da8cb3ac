internal import DeptopModel

/// The connections that a method of repair is about, and why others are not.
struct SocketSelection {
  /// What the privileged side is able to do.
  struct Means {
    var canSetOptions: Bool
    var canDestroy: Bool
  }

  private(set) var chosen: [(connection: Connection, target: PlanTarget)] = []
  /// Left out: owner not known; in use; so that half of the pool stays.
  private(set) var unowned = 0
  private(set) var busy = 0
  private(set) var reserved = 0
  /// Connections of the client that are well enough to be used, chosen or not.
  private(set) var live = 0
  private(set) var total = 0

  var targets: [PlanTarget] { chosen.map(\.target) }

  private let means: Means

  /// Chooses for one request; the order is that of age, so that the same connections are chosen again.
  init(_ request: PlanRequest, in detail: DependencyDetail, means: Means) {
    self.means = means
    let connections = detail.connections
      .filter { connection in
        connection.isClosable && (request.client.map { connection.belongs(to: $0) } ?? true)
      }
      .sorted { ($0.since, $0.cookie) < ($1.since, $1.cookie) }
    total = connections.count
    live = connections.count { $0.isEstablished && !$0.isDead }
    switch request.repair ?? .prove {
    case .prove: chooseToProve(connections)
    case .close: chooseToClose(connections, request.scope)
    case .unstick: chooseToUnstick(connections)
    }
  }

  private mutating func chooseToProve(_ connections: [Connection]) {
    for connection in connections {
      if connection.isDead {
        give(connection, deadTreatment(connection))
      } else if connection.isEstablished, connection.signals.condition.canBeProved {
        give(connection, connection.isOwned ? .keepalive : nil)
      }
    }
  }

  private mutating func chooseToUnstick(_ connections: [Connection]) {
    for connection in connections where connection.isDead {
      let isHole = connection.losesLargePackets && connection.isOwned
      give(connection, isHole ? .discoveryOff : deadTreatment(connection))
    }
  }

  private mutating func chooseToClose(_ connections: [Connection], _ scope: ActionScope) {
    var living: [Connection] = []
    for connection in connections {
      if connection.isDead {
        give(connection, .destroy)
      } else if scope == .all || connection.isForgotten || scope == .idle || connection.standing.isStale {
        if !connection.isOwned {
          unowned += 1
        } else if connection.isForgotten {
          give(connection, .destroy)
        } else if scope != .all, connection.isInUse {
          busy += 1
        } else {
          living.append(connection)
        }
      }
    }
    // A plan of all is paced by what has been replaced; any other leaves half of the pool as it is.
    let most = scope == .all ? living.count : max(1, live / 2)
    for connection in living.prefix(most) { give(connection, .destroy) }
    reserved = max(0, living.count - most)
  }

  /// The kernel gives up at the next retransmission; one that is not due soon is closed instead.
  private func deadTreatment(_ connection: Connection) -> SocketTreatment? {
    if connection.isOwned, means.canSetOptions, connection.isDueSoon || !means.canDestroy { return .userTimeout }
    return means.canDestroy ? .destroy : nil
  }

  private mutating func give(_ connection: Connection, _ treatment: SocketTreatment?) {
    guard let treatment, let target = connection.target(treatment) else {
      unowned += 1
      return
    }
    chosen.append((connection, target))
  }
}

extension SocketSignals.Condition {
  /// True when keepalive may be set to see whether the peer still answers.
  ///
  /// It does no harm while data is under way: the kernel sends a probe only after silence with nothing unacknowledged.
  var canBeProved: Bool {
    switch self {
    case .idle, .keepaliveUnanswered, .active, .waiting, .zeroWindow: true
    case .unknown, .connecting, .connectUnanswered, .dead, .peerClosed, .closing: false
    }
  }
}
