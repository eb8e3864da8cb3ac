@testable import DeptopLab
import Testing

@Suite struct LoginTests {
  private static func model(_ change: (inout ServiceModel) -> Void = { _ in }) -> ServiceModel {
    .exact(workers: 8) {
      $0.login = 0.1
      $0.logins = 1
      change(&$0)
    }
  }

  @Test func `new connections log in one after the other, and are served afterwards`() {
    let lab = ScriptedService(Self.model())
    let (first, second) = (lab.connect(1), lab.connect(2))
    lab.send("b", from: second)
    lab.send("a", from: first)
    lab.wait(milliseconds: 109)
    #expect(lab.served.isEmpty)
    lab.wait(milliseconds: 1)
    #expect(lab.served == ["a ok"])
    lab.wait(milliseconds: 99)
    #expect(lab.served == ["a ok"])
    lab.wait(milliseconds: 1)
    #expect(lab.served == ["a ok", "b ok"])
  }

  @Test func `a connection logs in once`() {
    let lab = ScriptedService(Self.model())
    let peer = lab.connect()
    lab.wait(milliseconds: 100)
    lab.send("a", from: peer)
    lab.wait(milliseconds: 10)
    lab.send("b", from: peer)
    lab.wait(milliseconds: 10)
    #expect(peer.answers == ["a", "b"])
  }

  @Test func `as many log in at once as there are slots`() {
    let lab = ScriptedService(Self.model { $0.logins = 2 })
    let peers = (1...3).map { lab.connect($0) }
    for peer in peers { lab.send("\(peer.peerPort)", from: peer) }
    lab.wait(milliseconds: 110)
    #expect(lab.served == ["1 ok", "2 ok"])
    lab.wait(milliseconds: 100)
    #expect(lab.served == ["1 ok", "2 ok", "3 ok"])
  }

  @Test func `the login of a connection that has closed still costs its time`() {
    let lab = ScriptedService(Self.model())
    let (first, gone, last) = (lab.connect(1), lab.connect(2), lab.connect(3))
    lab.send("a", from: first)
    lab.send("b", from: gone)
    lab.send("c", from: last)
    lab.service.closed(gone)
    lab.wait(milliseconds: 309)
    #expect(lab.served == ["a ok", "b abandoned"])
    lab.wait(milliseconds: 1)
    #expect(lab.served == ["a ok", "b abandoned", "c ok"])
  }

  @Test func `a login that is waiting is dropped where abandoned work is`() {
    let lab = ScriptedService(Self.model { $0.dropsAbandoned = true })
    let (first, gone, last) = (lab.connect(1), lab.connect(2), lab.connect(3))
    lab.send("a", from: first)
    lab.send("b", from: gone)
    lab.send("c", from: last)
    lab.service.closed(gone)
    lab.wait(milliseconds: 210)
    #expect(lab.served == ["b abandoned", "a ok", "c ok"])
  }

  @Test func `without a login time nobody waits`() {
    let lab = ScriptedService(.exact(workers: 1))
    let peer = lab.connect()
    lab.send("a", from: peer)
    lab.wait(milliseconds: 10)
    #expect(peer.answers == ["a"])
  }
}
