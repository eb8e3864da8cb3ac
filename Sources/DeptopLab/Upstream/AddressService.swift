internal import NIOCore

/// One address of an upstream: its queue, its workers and its logins, everything on one event loop.
///
/// A worker takes the next request when it is done with one, also when whoever sent it is gone: it is such work for
/// nobody that keeps an overload alive after its cause is gone.
final class AddressService {
  let address: String
  /// How requests are served that are begun from now on.
  private(set) var model: ServiceModel
  private var requests = SlotQueue<Attempt>()
  private var logins = SlotQueue<any UpstreamPeer>()
  private var peers: [ObjectIdentifier: any UpstreamPeer] = [:]
  private var random: any RandomNumberGenerator
  private let loop: NIOIsolatedEventLoop
  private let record: (LedgerLine) -> Void
  /// Attempts without an end, by number, so that each one has an end in the ledger also when the upstream ends.
  private var open: [Int: Attempt] = [:]
  private var lastNumber = 0

  /// - Parameters:
  ///   - address: The IPv4 address, as the ledger has it.
  ///   - model: How requests are served at first.
  ///   - loop: Everything is called on it.
  ///   - random: Where service times and errors are drawn from.
  ///   - record: Takes the lines of the ledger.
  init(
    address: String, model: ServiceModel, loop: NIOIsolatedEventLoop, random: any RandomNumberGenerator,
    record: @escaping (LedgerLine) -> Void
  ) {
    self.address = address
    self.model = model
    self.loop = loop
    self.random = random
    self.record = record
  }

  /// A stalled upstream answers nothing at all.
  var answersPings: Bool { !model.isStalled }

  /// Serves as the model says what is begun from now on.
  func change(_ model: ServiceModel) {
    self.model = model
    workLogins()
    work()
  }

  func closeConnections() {
    for peer in peers.values { peer.close() }
  }

  /// Ends: what was not answered is written down as abandoned, and nobody new is let in.
  func end() {
    model.isRefusing = true
    for peer in peers.values {
      closed(peer)
      peer.close()
    }
    for (_, attempt) in open.sorted(by: { $0.key < $1.key }) { abandon(attempt) }
  }
}

// MARK: - Connections

extension AddressService {
  func opened(_ peer: any UpstreamPeer) {
    note(peer, isOpen: true)
    guard !model.isRefusing else {
      note(peer, isOpen: false)
      peer.visit.isOpen = false
      return peer.close()
    }
    peers[ObjectIdentifier(peer)] = peer
    logins.add(peer)
    workLogins()
  }

  func closed(_ peer: any UpstreamPeer) {
    guard peer.visit.isOpen else { return }
    peer.visit.isOpen = false
    peers[ObjectIdentifier(peer)] = nil
    note(peer, isOpen: false)
    peer.visit.unanswered.forEach(abandon)
    peer.visit.unanswered = []
  }

  private func note(_ peer: any UpstreamPeer, isOpen: Bool) {
    record(.connection(at: LabClock.now, address: address, peerPort: peer.peerPort, isOpen: isOpen))
  }

  private func workLogins() {
    while let peer = logins.next(slots: model.logins) {
      if !peer.visit.isOpen && model.dropsAbandoned || model.login <= 0 {
        loggedIn(peer)
      } else {
        logins.takeSlot()
        loop.scheduleTask(in: TimeAmount(seconds: model.login)) { [self] in
          logins.freeSlot()
          loggedIn(peer)
          workLogins()
        }
      }
    }
  }

  private func loggedIn(_ peer: any UpstreamPeer) {
    peer.visit.isLoggedIn = true
    let early = peer.visit.early
    peer.visit.early = []
    early.forEach(admit)
  }
}

// MARK: - Requests

extension AddressService {
  /// Takes an attempt that has arrived whole.
  func received(id: String, answerBytes: Int, from peer: any UpstreamPeer) {
    lastNumber += 1
    let attempt = Attempt(
      number: lastNumber, id: id, answerBytes: answerBytes, received: LabClock.now, peer: peer)
    open[attempt.number] = attempt
    if peer.visit.isOverfull {
      abandon(attempt)
      peer.close()
    } else if peer.visit.isLoggedIn {
      admit(attempt)
    } else {
      peer.visit.early.append(attempt)
    }
  }

  private func admit(_ attempt: Attempt) {
    if model.isStalled {
      stall(attempt)
    } else if requests.isFull(slots: model.workers, places: model.queue) {
      finish(attempt, .full)
    } else {
      requests.add(attempt)
      work()
    }
  }

  private func work() {
    while let attempt = requests.next(slots: model.workers) {
      if model.isStalled {
        stall(attempt)
      } else if !attempt.peer.visit.isOpen && model.dropsAbandoned {
        abandon(attempt)
      } else {
        begin(attempt)
      }
    }
  }

  private func begin(_ attempt: Attempt) {
    requests.takeSlot()
    let isError = model.isError(&random)
    loop.scheduleTask(in: model.serviceTime(&random)) { [self] in
      finish(attempt, isError ? .error : .ok)
      requests.freeSlot()
      work()
    }
  }

  private func stall(_ attempt: Attempt) {
    if attempt.peer.visit.isOpen {
      attempt.peer.visit.unanswered.append(attempt)
    } else {
      abandon(attempt)
    }
  }

  private func abandon(_ attempt: Attempt) {
    finish(attempt, .abandoned)
  }

  /// Ends an attempt, unless the upstream itself has ended meanwhile.
  private func finish(_ attempt: Attempt, _ outcome: ServedOutcome) {
    guard open.removeValue(forKey: attempt.number) != nil else { return }
    let isOpen = attempt.peer.visit.isOpen
    let told = isOpen || outcome == .full ? outcome : .abandoned
    record(
      .served(
        LedgerLine.ServedLine(
          id: attempt.id, address: address, received: attempt.received, ended: LabClock.now, outcome: told.rawValue)))
    if isOpen && outcome != .abandoned { attempt.peer.answer(attempt, isSuccess: outcome == .ok) }
  }
}
