internal import DeptopBlocking
internal import DeptopModel
internal import Synchronization

/// Checks paths beside the polls, so that a slow one delays no other reading: handshakes on one thread and sizes on
/// another, one connection at a time on each.
final class PathChecks: Sendable {
  private let timeout: Duration
  private let board = Mutex(PathBoard())
  private let interrupt = Interrupt()
  private let handshakes = BlockingThread()
  private let sweeps = BlockingThread()

  init(timeout: Duration) {
    self.timeout = timeout
  }

  /// Starts what is due at these places, and forgets the others.
  func start(at places: [PathPlace]) {
    let (handshaking, sweeping) = board.withLock { board in
      board.replacePlaces(with: places)
      return (board.takeHandshakes(), board.takeSweeps(at: .now()))
    }
    for place in handshaking { startHandshake(place) }
    for place in sweeping { startSweep(place) }
  }

  /// Starts a size sweep of these dependencies, unless they were swept just now.
  func sweepNow(_ dependencies: Set<DependencyID>) {
    for place in board.withLock({ $0.takeSweeps(of: dependencies, at: .now()) }) { startSweep(place) }
  }

  /// What was found out since the call before.
  func takeNews() -> [(DependencyID, PathCheck)] {
    board.withLock { $0.takeNews() }
  }

  /// Gives up what is under way and all that is to come.
  func stop() {
    interrupt.raise()
  }

  private func startHandshake(_ place: PathPlace) {
    let check = place.handshake(timeout: timeout)
    handshakes.start { [self] in
      let findings = check.findings(interrupt: interrupt)
      board.withLock { $0.note(findings, for: place.key) }
    }
  }

  private func startSweep(_ place: PathPlace) {
    let sweep = place.sweep(timeout: timeout)
    sweeps.start { [self] in
      let findings = sweep.findings(interrupt: interrupt)
      board.withLock { $0.note(findings, for: place.key) }
    }
  }
}
