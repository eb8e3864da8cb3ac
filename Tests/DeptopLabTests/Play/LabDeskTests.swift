import DeptopTestSupport
import DeptopWire
import Testing

@testable import DeptopLab

@Suite struct LabDeskTests {
  private let desk = LabDesk()

  /// The next request, once it is there.
  private func order() async throws -> LabDesk.Order {
    var order = desk.next()
    try await waitUntil("a request is there") {
      order = order ?? desk.next()
      return order != nil
    }
    return try #require(order)
  }

  @Test func `an empty desk has nothing`() {
    #expect(desk.next() == nil)
  }

  @Test func `who asks waits for the answer`() async throws {
    async let answer = desk.ask(.status)
    let order = try await order()
    #expect(order.request == .status)
    #expect(desk.next() == nil)
    order.answer(.done("nothing is broken"))
    #expect(await answer == .done("nothing is broken"))
  }

  @Test func `requests are taken in their order, and each has its own answer`() async throws {
    async let first = desk.ask(.next)
    let next = try await order()
    async let second = desk.ask(.play(scenario: "nat-silent"))
    let play = try await order()
    #expect(play.request == .play(scenario: "nat-silent"))
    play.answer(.refused("no"))
    next.answer(.done("yes"))
    #expect(await first == .done("yes"))
    #expect(await second == .refused("no"))
  }

  @Test func `a desk that closes refuses what waits and what comes`() async throws {
    let asks = (1...20).map { number in Task { await desk.ask(.play(scenario: "\(number)")) } }
    let taken = try await order()
    desk.close()
    #expect(desk.next() == nil)
    taken.answer(.done("taken before"))
    var answers: [LabAnswer] = []
    for ask in asks { answers.append(await ask.value) }
    #expect(answers.count { $0 == .refused("the lab is ending") } == 19)
    #expect(answers.count { $0 == .done("taken before") } == 1)
    #expect(await desk.ask(.status) == .refused("the lab is ending"))
  }
}
