import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Testing

@Suite struct SocketOfferTests {
  private func offer(_ connections: [Connection], _ means: SocketMeans) throws -> ActionOffer {
    let offers = SocketOffers.offers(for: RepairScene(connections).detail.dependency, means: means)
    #expect(offers.map(\.verb) == [.repair])
    return try #require(offers.first)
  }

  private func reasons(_ connections: [Connection], _ means: SocketMeans) throws -> [RepairMethod: String] {
    let repairs = try offer(connections, means).repairs ?? []
    #expect(repairs.map(\.method) == RepairMethod.allCases)
    return Dictionary(repairs.compactMap { offer in offer.unavailable.map { (offer.method, $0) } }) { first, _ in first
    }
  }

  private let able = SocketMeans.known(HostAbilities(missing: [:]))

  @Test func `everything is offered where a connection is stuck, unsticking only there`() throws {
    #expect(try reasons([.played(1), .played(2, .dead)], able).isEmpty)
    #expect(try reasons([.played(1)], able) == [.unstick: "no connection is stuck"])
    #expect(try offer([.played(1)], able).unavailable == nil)
  }

  @Test func `without the privileged side nothing is, and the reason is told`() throws {
    let offer = try offer([.played(1)], .failed(.absent("no socket at /run/deptop/helper.sock")))
    #expect(offer.unavailable == "deptop-helper is not running: no socket at /run/deptop/helper.sock")
    #expect(offer.repairs?.allSatisfy { $0.unavailable == offer.unavailable } == true)
    #expect(try self.offer([.played(1)], .unasked).unavailable == "deptop-helper has not been asked yet")
  }

  @Test func `a missing ability takes away what needs it, in its own sentence`() throws {
    let noOptions = SocketMeans.known(HostAbilities(missing: [.options: "yama forbids it"]))
    #expect(
      try reasons([.played(1), .played(2, .dead)], noOptions) == [
        .prove: "yama forbids it", .unstick: "yama forbids it",
      ])
    let noDestroy = SocketMeans.known(HostAbilities(missing: [.destroy: "needs CAP_NET_ADMIN"]))
    #expect(try reasons([.played(1), .played(2, .dead)], noDestroy) == [.close: "needs CAP_NET_ADMIN"])
  }

  @Test func `connections that nobody is known to hold cannot be treated, the dead can be closed`() throws {
    let unseen = Connection.played(1) { $0.owner = nil }
    let means = SocketMeans.known(HostAbilities(missing: [.processes: "needs CAP_SYS_PTRACE"]))
    let reason = "which process holds its connections is not known: needs CAP_SYS_PTRACE"
    #expect(
      try reasons([unseen], means) == [.prove: reason, .close: reason, .unstick: "no connection is stuck"])
    #expect(try reasons([.played(2, .dead) { $0.owner = nil }], means) == [.prove: reason])
  }

  @Test func `a table that was not read yet is a reason, and so is a dependency without connections`() throws {
    let unread = Dependency(id: "orders", kind: nil, host: "db.lab", port: 5432, origin: .configured)
    let unavailable = SocketOffers.offers(for: unread, means: able).map(\.unavailable)
    #expect(unavailable == ["the kernel's table has not been read for it yet"])
    #expect(try offer([], able).unavailable == "it has no connection")
  }

  @Test func `offers ask the privileged side without waiting, and not each time`() async throws {
    let lab = SocketLab([.played(1)])
    for _ in 0..<1000 { _ = lab.control.offers(for: lab.scene.detail.dependency) }
    try await waitUntil("the answer is in") {
      lab.control.offers(for: lab.scene.detail).first?.unavailable == nil
    }
    #expect(lab.bench.questions == 1)
    #expect(lab.control.dependencies.isEmpty, "it is tied to none")
  }
}
