@testable import DeptopLab
import NIOCore
import NIOEmbedded

/// A connection without a socket, which remembers what it is answered.
final class ScriptedPeer: UpstreamPeer {
  let peerPort: UInt16
  var visit = Visit()
  /// Ids, with `!` after one that was answered with an error.
  private(set) var answers: [String] = []
  private(set) var isClosed = false

  init(_ port: UInt16 = 1) {
    peerPort = port
  }

  func answer(_ attempt: Attempt, isSuccess: Bool) {
    answers.append(attempt.id + (isSuccess ? "" : "!"))
  }

  func close() {
    isClosed = true
  }
}

/// One address of an upstream on a loop whose time the test moves.
final class ScriptedService {
  let loop = EmbeddedEventLoop()
  let service: AddressService
  private let lines: Lines

  private final class Lines {
    var all: [LedgerLine] = []
  }

  init(_ model: ServiceModel, seed: UInt64 = 1) {
    let lines = Lines()
    self.lines = lines
    service = AddressService(
      address: "10.90.0.11", model: model, loop: loop.assumeIsolated(), random: SeededGenerator(seed: seed)
    ) { lines.all.append($0) }
  }

  /// `ID OUTCOME` in the order of the ledger.
  var served: [String] {
    lines.all.compactMap { if case .served(let line) = $0 { "\(line.id) \(line.outcome)" } else { nil } }
  }

  /// `PORT open` or `PORT closed` in the order of the ledger.
  var connections: [String] {
    lines.all.compactMap {
      if case .connection(_, _, let port, let isOpen) = $0 { "\(port) \(isOpen ? "open" : "closed")" } else { nil }
    }
  }

  func connect(_ port: UInt16 = 1) -> ScriptedPeer {
    let peer = ScriptedPeer(port)
    service.opened(peer)
    return peer
  }

  func send(_ ids: String..., from peer: ScriptedPeer) {
    for id in ids { service.received(id: id, answerBytes: 0, from: peer) }
  }

  func wait(milliseconds: Int64) {
    loop.advanceTime(by: .milliseconds(milliseconds))
  }
}

extension ServiceModel {
  /// Exactly 10 ms for each request.
  static func exact(workers: Int, _ change: (inout ServiceModel) -> Void = { _ in }) -> ServiceModel {
    var model = ServiceModel()
    model.serviceTime = 0.01
    model.spread = 0
    model.workers = workers
    change(&model)
    return model
  }
}
