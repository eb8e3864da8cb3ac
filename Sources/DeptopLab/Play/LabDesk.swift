internal import DeptopWire
internal import Synchronization

/// Where what the lab is told waits for the one task that plays it.
final class LabDesk: Sendable {
  /// A request whose sender waits for the answer.
  struct Order: Sendable {
    let request: LabRequest
    fileprivate let reply: CheckedContinuation<LabAnswer, Never>

    func answer(_ answer: LabAnswer) { reply.resume(returning: answer) }
  }

  private struct State {
    var orders: [Order] = []
    var isClosed = false
  }

  private let state = Mutex(State())

  /// Hands in a request and waits for its answer.
  func ask(_ request: LabRequest) async -> LabAnswer {
    await withCheckedContinuation { reply in
      let isClosed = state.withLock { state in
        if !state.isClosed { state.orders.append(Order(request: request, reply: reply)) }
        return state.isClosed
      }
      if isClosed { reply.resume(returning: .refused("the lab is ending")) }
    }
  }

  /// Takes the oldest request that waits.
  func next() -> Order? {
    state.withLock { $0.orders.isEmpty ? nil : $0.orders.removeFirst() }
  }

  /// Refuses what waits and what comes.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.orders = [] }
      return state.orders
    }
    for order in waiting { order.answer(.refused("the lab is ending")) }
  }
}
