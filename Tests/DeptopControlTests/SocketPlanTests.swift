import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Testing

@Suite struct SocketPlanTests {
  @Test func `proving sets keepalive on what lives, and ends the dead the way that is quicker`() async throws {
    let lab = SocketLab([
      .played(1), .played(2, .waiting), .played(3, .active), .played(4, .dead),
      .played(5, .dead) { $0.nextRetransmit = .milliseconds(10_400) },
      .played(6, .peerClosed) { $0.state = "closeWait" },
    ])
    lab.scene.declare(pathTimeout: .seconds(60))
    lab.scene.queue(7)
    let preparation = try await lab.prepare(nil)
    #expect(
      preparation.treatments == [1: .keepalive, 2: .keepalive, 3: .keepalive, 4: .userTimeout, 5: .destroy])
    #expect(preparation.targets.filter(\.isDead).map(\.local.port) == [4, 5])
    #expect(preparation.confirmation == .key, "nothing that lives is cut")
    let closes = try #require(preparation.texts("closes now").first)
    #expect(closes.hasPrefix("2 connections on which nothing comes back: 1 at the next retransmission"))
    #expect(closes.hasSuffix("1 by SOCK_DESTROY: the next retransmission is only due in 11 s"))
    #expect(preparation.texts("proves").first?.contains("5 probes, 1 s apart") == true)
    #expect(preparation.texts("keeps") == ["1 connection outside the method"])
    #expect(
      preparation.texts("stays") == [
        "keepalive of 20 s (a third of the path's idle timeout of 60 s) on those that live, until they close"
      ])
    #expect(preparation.texts("not cured").first?.contains("keepalives_idle=20") == true)
    #expect(preparation.texts("risk") == ["7 callers waiting; 3 connections of the 6 can be used now"])
    #expect(preparation.drainTimeout == .seconds(12), "10 s for the proof, 2 s until the retransmission")
  }

  @Test func `a target names its socket precisely`() async throws {
    let lab = SocketLab([
      .played(9) {
        $0.cookie = "1f@4026532000"
        $0.namespace = NamespaceID(4_026_532_000)
      }
    ])
    let target = try #require(try await lab.prepare(.prove).targets.first)
    #expect(
      target.socket
        == SocketIdentity(
          namespace: NamespaceID(4_026_532_000), cookie: 0x1f, local: target.local, remote: target.remote, inode: 9,
          pid: 42, processStart: 777))
  }

  @Test(
    arguments: [
      (Duration?.none, 60), (.seconds(350), 116), (.seconds(30), 10), (.seconds(2), 1), (.seconds(1e9), 32_767),
    ] as [(Duration?, Int)])
  func `the keepalive that stays is a third of the path's idle timeout`(timeout: Duration?, idle: Int) async throws {
    let lab = SocketLab([.played(1)])
    if let timeout { lab.scene.declare(pathTimeout: timeout) }
    #expect(try await lab.prepare(.prove).texts("stays").first?.hasPrefix("keepalive of \(idle) s (") == true)
  }

  @Test(
    arguments: [
      ("pgbouncer", "postgres", "tcp_keepidle = 60"), ("orders", "postgres", "keepalives_idle=60"),
      ("orders", "redis", "Redis client"), ("orders", nil, "TCP_KEEPIDLE=60"),
    ] as [(String, ServiceKind?, String)])
  func `the durable setting is named for who holds the connections`(
    process: String, kind: ServiceKind?, expected: String
  ) async throws {
    let lab = SocketLab([.played(1) { $0.owner?.process = process }])
    var detail = lab.scene.detail
    detail.dependency.kind = kind
    let preparation = try await lab.control.prepare(lab.request(.prove), for: detail)
    #expect(preparation.texts("not cured").first?.contains(expected) == true)
  }

  @Test func `what nobody is known to hold is only closed when it is dead`() async throws {
    let lab = SocketLab([
      .played(1) { $0.owner = nil }, .played(2), .played(3, .dead) { $0.owner?.startedAt = nil },
      .played(4) { $0.inode = 0 },
    ])
    let preparation = try await lab.prepare(.prove)
    #expect(preparation.treatments == [2: .keepalive, 3: .destroy])
    #expect(preparation.targets.last?.socket?.pid == 0)
    #expect(preparation.texts("cannot") == ["treat 2 connections whose process is not known"])
    #expect(try await lab.prepare(.close, .all).treatments.keys.sorted() == [2, 3])
  }

  @Test func `without the right to close, the dead wait for their retransmission`() async throws {
    let bench = RepairBench(abilities: .success(HostAbilities(missing: [.destroy: "needs CAP_NET_ADMIN"])))
    let lab = SocketLab(RepairScene([.played(1, .dead) { $0.nextRetransmit = .seconds(30) }]), bench)
    let preparation = try await lab.prepare(.prove)
    #expect(preparation.treatments == [1: .userTimeout])
    #expect(
      preparation.texts("cannot") == ["close 1 connection before the next retransmission: needs CAP_NET_ADMIN"])
    #expect(preparation.drainTimeout == .seconds(40))
  }

  @Test func `unsticking tells a lost flow from a path that takes no large packet`() async throws {
    let lab = SocketLab([
      .played(1), .played(2, .dead) { $0.signals.meanRetransmit = 1304 },
      .played(3, .dead) { $0.signals.meanRetransmit = 1303 },
      .played(4, .dead) { $0.nextRetransmit = .seconds(20) },
    ])
    let preparation = try await lab.prepare(.unstick)
    #expect(preparation.treatments == [2: .discoveryOff, 3: .userTimeout, 4: .destroy])
    #expect(preparation.texts("frees").first?.contains("1304 bytes") == true)
    #expect(preparation.texts("not cured").first?.contains("net.ipv4.tcp_mtu_probing=1") == true)
    #expect(await SocketLab([.played(1)]).refusal(.unstick) == "no connection is stuck")
  }

  @Test func `one client's connections alone are treated when it is named`() async throws {
    let lab = SocketLab([.played(1), .played(2) { $0.owner = SocketOwner(pid: 7, process: "batch", startedAt: 9) }])
    #expect(try await lab.prepare(.prove, client: "batch").treatments.keys.sorted() == [2])
    #expect(await lab.refusal(.prove, client: "nobody") == "no connection of 10.0.0.1:5432 belongs to nobody")
  }

  @Test func `a plan has a bound, and a cookie that is none is left out`() async throws {
    let many = SocketLab((1...1001).map { .played($0) })
    #expect(await many.refusal(.prove)?.contains("1001 connections are more than the 1000 of one plan") == true)
    let odd = SocketLab([.played(1) { $0.cookie = "zz" }, .played(2) { $0.cookie = "" }])
    #expect(await odd.refusal(.prove) == "which process holds the connections of 10.0.0.1:5432 is not known")
  }

  @Test func `without the privileged side there is no plan`() async throws {
    let lab = SocketLab(RepairScene([.played(1)]), RepairBench(abilities: .failure(.absent("no such file"))))
    #expect(await lab.refusal(.prove) == "deptop-helper is not running: no such file")
  }
}
