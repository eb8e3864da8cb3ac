import DeptopConfiguration
import DeptopModel
import Testing

@testable import DeptopCollector

struct AttributionTests {
  private func knowledge(_ settings: Settings, _ observations: [Observation]) -> Knowledge {
    var knowledge = Knowledge(settings: settings)
    knowledge.fold(observations, from: "kernel", at: at(100))
    return knowledge
  }

  @Test func `a configured address and port is that dependency, another port is not`() {
    let knowledge = knowledge(
      settings("orders@10.0.0.1"),
      [.connections([connection(local(1), to: end("A")), connection(local(2), to: end("A", 9999))])])
    let attribution = Attribution(of: knowledge)
    #expect(attribution.named == ["orders": [0]])
    #expect(attribution.discovered == [RemotePlace(end("A", 9999)): [1]])
  }

  @Test func `a name's addresses are its dependency, also those that left`() {
    let knowledge = knowledge(
      settings("orders@db.lab"),
      [
        answer("db.lab", "A"),
        .connections([connection(local(1), to: end("A")), connection(local(2), to: end("C"))]),
      ])
    var later = knowledge
    later.fold([answer("db.lab", "B")], from: "dns", at: at(110))
    for each in [knowledge, later] {
      #expect(Attribution(of: each).named == ["orders": [0]])
      #expect(Attribution(of: each).discovered == [RemotePlace(end("C")): [1]])
    }
  }

  @Test func `what the pool's owner resolved a name to is its dependency too`() {
    let owner = OwnerResolution(host: "db.lab", addresses: [address("Q")], remaining: nil)
    let knowledge = knowledge(
      settings("orders@db.lab"),
      [.ownerResolution("orders", owner), .connections([connection(local(1), to: end("Q"))])])
    #expect(Attribution(of: knowledge).named == ["orders": [0]])
  }

  @Test func `the exact pair that a pool lists wins over every address`() {
    let knowledge = knowledge(
      settings("orders@10.0.0.1", "billing@10.0.0.1"),
      [
        .poolConnections("billing", [held(local(2), to: end("A"))]),
        .connections([connection(local(1), to: end("A")), connection(local(2), to: end("A"))]),
      ])
    let attribution = Attribution(of: knowledge)
    #expect(attribution.named == ["billing": [1]])
    #expect(attribution.discovered == [RemotePlace(end("A")): [0]], "two have this address: it is nobody's")
  }

  @Test func `a pool's local port to another peer is another connection`() {
    let knowledge = knowledge(
      settings("orders@10.0.0.1"),
      [
        .poolConnections("orders", [held(local(7), to: end("A"))]),
        .connections([connection(local(7), to: end("Z"))]),
      ])
    #expect(Attribution(of: knowledge).discovered == [RemotePlace(end("Z")): [0]])
  }

  @Test func `an address mapped into IPv6 is the same address`() throws {
    let mapped = SocketAddress(try #require(IPAddress("::ffff:10.0.0.1")), port: 5432)
    let knowledge = knowledge(
      settings("orders@10.0.0.1"), [.connections([connection(local(1), to: mapped)])])
    #expect(Attribution(of: knowledge).named == ["orders": [0]])
  }

  @Test func `every connection belongs to exactly one dependency`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let seen = (0..<200).map { number in
        connection(
          local(UInt16(number + 1)),
          to: end(
            Character(Unicode.Scalar(UInt8.random(in: 0x41...0x46, using: &generator))), Bool.random() ? 5432 : 80))
      }
      let knowledge = knowledge(
        settings("a@10.0.0.1", "b@10.0.0.1:80", "c@x.lab", "d@y.lab"),
        [answer("x.lab", "ABC"), answer("y.lab", "CD"), .connections(seen)])
      let attribution = Attribution(of: knowledge)
      let all = Array(attribution.named.values.joined()) + Array(attribution.discovered.values.joined())
      #expect(all.sorted() == Array(0..<200))
    }
  }
}
