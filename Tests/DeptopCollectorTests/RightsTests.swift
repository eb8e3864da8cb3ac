import DeptopConfiguration
import DeptopWire
import Testing

@testable import DeptopCollector

private func peer(_ uid: UInt32, _ groups: Set<UInt32> = [], user: String? = nil) -> Peer {
  Peer(pid: 1, uid: uid, groups: groups, user: user)
}

struct RightsTests {
  private let rights = Rights(
    viewers: .some(users: [1000], groups: [100]), operators: .some(users: [0], groups: [200]), owner: 500)

  /// Whether a peer may read, and whether it may act.
  private func rights(of peer: Peer, _ rights: Rights) -> [Bool] {
    let may = { (check: (Peer) throws(Refusal) -> Void) in
      do throws(Refusal) {
        try check(peer)
        return true
      } catch {
        #expect(error.code == .forbidden && error.message.contains("uid \(peer.uid)"))
        return false
      }
    }
    return [may(rights.requireViewer), may(rights.requireOperator)]
  }

  @Test(arguments: [
    (peer(1000), [true, false]), (peer(1001), [false, false]), (peer(1001, [100]), [true, false]),
    (peer(1001, [7, 200, 9]), [true, true]), (peer(0), [true, true]), (peer(500), [true, true]),
    (peer(100, [1000]), [false, false]),
  ])
  func `rights follow the user, any of its groups, and the collector's owner`(peer: Peer, expected: [Bool]) {
    #expect(rights(of: peer, rights) == expected)
  }

  @Test func `everyone is everyone, for reading alone unless told so`() {
    var open = rights
    open.viewers = .everyone
    #expect(rights(of: peer(4711), open) == [true, false])
    open.operators = .everyone
    #expect(rights(of: peer(4711), open) == [true, true])
  }

  @Test func `without anybody named nobody but the owner acts`() {
    let closed = Rights(viewers: .everyone, operators: .some(users: [], groups: []), owner: 500)
    #expect(rights(of: peer(0, [0]), closed) == [true, false])
    #expect(rights(of: peer(500), closed) == [true, true])
  }
}

struct AccountsTests {
  private let accounts = Accounts(
    passwd: """
      root:x:0:0:root:/root:/bin/bash
      # a comment
      alice:x:1000:1000:Alice,,,:/home/alice:/bin/sh

      broken
      nouid:x::
      +::::::
      :x:0:0:::
      alice:x:666:666:::
      twin:x:1000:1000:::
      huge:x:4294967296:0:::
      minus:x:-1:0:::
      nobody:x:65534:65534::/:/usr/sbin/nologin
      short:x:77
      """,
    group: """
      root:x:0:
      deptop:x:990:alice,bob
      deptop:x:991:
      """)

  @Test func `names and numbers are those of the first line that is whole`() {
    #expect(accounts.name(ofUser: 0) == "root" && accounts.name(ofUser: 1000) == "alice")
    #expect(accounts.name(ofUser: 65534) == "nobody" && accounts.name(ofUser: 77) == "short")
    #expect(accounts.name(ofUser: 666) == "alice" && accounts.name(ofUser: 4711) == nil)
  }

  @Test func `principals are names or numbers, and what does not exist is nobody`() {
    let holders = accounts.resolve(
      .named(users: ["alice", "4711", "broken", "minus", "huge", "nouid", ""], groups: ["deptop", "0", "absent"]))
    #expect(holders == .some(users: [1000, 4711], groups: [990, 0]))
    #expect(accounts.resolve(.everyone) == .everyone)
  }

  @Test func `without files there are only numbers`() {
    let none = Accounts(passwd: "", group: "")
    #expect(none.resolve(.named(users: ["root", "0"], groups: ["root"])) == .some(users: [0], groups: []))
  }

  @Test func `the host has root`() {
    #expect(Accounts.ofHost().name(ofUser: 0) == "root")
  }
}
