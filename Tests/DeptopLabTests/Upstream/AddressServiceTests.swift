@testable import DeptopLab
import NIOCore
import Testing

@Suite struct AddressServiceTests {
  @Test func `as many requests are worked on at once as there are workers, in their order`() {
    let lab = ScriptedService(.exact(workers: 2))
    let peer = lab.connect()
    lab.send("a", "b", "c", "d", "e", from: peer)
    lab.wait(milliseconds: 9)
    #expect(peer.answers.isEmpty)
    lab.wait(milliseconds: 1)
    #expect(peer.answers == ["a", "b"])
    lab.wait(milliseconds: 10)
    #expect(peer.answers == ["a", "b", "c", "d"])
    lab.wait(milliseconds: 10)
    #expect(peer.answers == ["a", "b", "c", "d", "e"])
    #expect(lab.served == ["a ok", "b ok", "c ok", "d ok", "e ok"])
  }

  @Test func `a request that finds no place is answered with an error at once`() {
    let lab = ScriptedService(.exact(workers: 1) { $0.queue = 1 })
    let peer = lab.connect()
    lab.send("a", "b", "c", from: peer)
    #expect(peer.answers == ["c!"])
    #expect(lab.served == ["c full"])
    lab.wait(milliseconds: 20)
    #expect(lab.served == ["c full", "a ok", "b ok"])
  }

  @Test func `without a queue a free worker still works`() {
    let lab = ScriptedService(.exact(workers: 1) { $0.queue = 0 })
    let peer = lab.connect()
    lab.send("a", "b", from: peer)
    lab.wait(milliseconds: 10)
    lab.send("c", from: peer)
    lab.wait(milliseconds: 10)
    #expect(peer.answers == ["b!", "a", "c"])
  }

  @Test func `abandoned work takes its worker and its time`() {
    let lab = ScriptedService(.exact(workers: 1))
    let (gone, kept) = (lab.connect(1), lab.connect(2))
    lab.send("a", "b", from: gone)
    lab.send("c", from: kept)
    lab.service.closed(gone)
    lab.wait(milliseconds: 29)
    #expect(lab.served == ["a abandoned", "b abandoned"])
    lab.wait(milliseconds: 1)
    #expect(lab.served == ["a abandoned", "b abandoned", "c ok"])
    #expect(gone.answers.isEmpty)
  }

  @Test func `abandoned work that is dropped takes no time`() {
    let lab = ScriptedService(.exact(workers: 1) { $0.dropsAbandoned = true })
    let (gone, kept) = (lab.connect(1), lab.connect(2))
    lab.send("a", "b", from: gone)
    lab.send("c", from: kept)
    lab.service.closed(gone)
    lab.wait(milliseconds: 20)
    // The first was begun before its connection closed.
    #expect(lab.served == ["a abandoned", "b abandoned", "c ok"])
  }

  @Test func `a share of the requests is answered with an error`() {
    let lab = ScriptedService(.exact(workers: 1000) { $0.errors = 0.25 }, seed: 42)
    let peer = lab.connect()
    for number in 0..<1000 { lab.send("\(number)", from: peer) }
    lab.wait(milliseconds: 10)
    let errors = peer.answers.count { $0.hasSuffix("!") }
    #expect(peer.answers.count == 1000)
    #expect((200...300).contains(errors))
    #expect(lab.served.count { $0.hasSuffix(" error") } == errors)
  }

  @Test func `service times are spread around their mean`() {
    var random = SeededGenerator(seed: 3)
    var model = ServiceModel()
    model.serviceTime = 0.1
    model.spread = 0.5
    let times = (0..<2000).map { _ in Double(model.serviceTime(&random).nanoseconds) / 1e9 }
    #expect(times.allSatisfy { (0.05...0.15).contains($0) })
    #expect(abs(times.reduce(0, +) / 2000 - 0.1) < 0.005)
    #expect(times.contains { $0 < 0.06 } && times.contains { $0 > 0.14 })
  }

  @Test func `a stalled upstream never answers what came meanwhile`() {
    let lab = ScriptedService(.exact(workers: 1) { $0.isStalled = true })
    let peer = lab.connect()
    lab.send("a", "b", from: peer)
    #expect(!lab.service.answersPings)
    lab.service.change(.exact(workers: 1))
    #expect(lab.service.answersPings)
    lab.send("c", from: peer)
    lab.wait(milliseconds: 1000)
    #expect(peer.answers == ["c"])
    #expect(lab.served == ["c ok"])
    lab.service.closed(peer)
    #expect(lab.served == ["c ok", "a abandoned", "b abandoned"])
  }

  @Test func `what waits when an upstream stalls is not answered, what is worked on is`() {
    let lab = ScriptedService(.exact(workers: 1))
    let peer = lab.connect()
    lab.send("a", "b", from: peer)
    lab.service.change(.exact(workers: 1) { $0.isStalled = true })
    lab.wait(milliseconds: 1000)
    #expect(peer.answers == ["a"])
    lab.service.closed(peer)
    #expect(lab.served == ["a ok", "b abandoned"])
  }

  @Test func `a refused connection is closed at once`() {
    let lab = ScriptedService(.exact(workers: 1) { $0.isRefusing = true })
    let peer = lab.connect(7)
    #expect(peer.isClosed)
    #expect(lab.connections == ["7 open", "7 closed"])
    lab.service.closed(peer)
    #expect(lab.connections.count == 2)
  }

  @Test func `another service time holds for what is begun afterwards`() {
    let lab = ScriptedService(.exact(workers: 1))
    let peer = lab.connect()
    lab.send("a", "b", from: peer)
    lab.service.change(.exact(workers: 1) { $0.serviceTime = 1 })
    lab.wait(milliseconds: 10)
    #expect(peer.answers == ["a"])
    lab.wait(milliseconds: 999)
    #expect(peer.answers == ["a"])
    lab.wait(milliseconds: 1)
    #expect(peer.answers == ["a", "b"])
  }

  @Test func `more workers take at once what waits`() {
    let lab = ScriptedService(.exact(workers: 1))
    let peer = lab.connect()
    lab.send("a", "b", "c", from: peer)
    lab.service.change(.exact(workers: 3))
    lab.wait(milliseconds: 10)
    #expect(peer.answers == ["a", "b", "c"])
  }

  @Test func `an upstream that ends leaves no attempt without an end`() {
    let lab = ScriptedService(
      .exact(workers: 1) {
        $0.login = 1; $0.logins = 1
      })
    let first = lab.connect(1)
    lab.wait(milliseconds: 1000)
    let (second, third) = (lab.connect(2), lab.connect(3))
    lab.send("a", "b", from: first)
    lab.send("c", from: second)
    lab.send("d", from: third)
    lab.service.closed(third)
    lab.service.end()
    #expect(lab.served == ["a abandoned", "b abandoned", "c abandoned", "d abandoned"])
    #expect(Set(lab.connections) == ["1 open", "1 closed", "2 open", "2 closed", "3 open", "3 closed"])
    #expect(first.isClosed && second.isClosed)
    lab.wait(milliseconds: 10_000)
    #expect(lab.served.count == 4)
    #expect(first.answers.isEmpty)
  }

  @Test func `a client that sends without end is closed`() {
    let lab = ScriptedService(.exact(workers: 1) { $0.isStalled = true })
    let peer = lab.connect()
    for number in 0..<1000 { lab.send("\(number)", from: peer) }
    #expect(!peer.isClosed)
    lab.send("more", from: peer)
    #expect(peer.isClosed)
    #expect(lab.served == ["more abandoned"])
  }
}
