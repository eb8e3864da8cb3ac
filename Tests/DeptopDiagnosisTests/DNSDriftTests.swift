import DeptopDiagnosis
import DeptopModel
import Testing

/// A dependency with ten connections, whose name moved from `old` to `new` at a moment.
private struct Drifted {
  let old = IPAddress(v4: 0x0a00_0307)
  let new = IPAddress(v4: 0x0a00_0309)
  let leftAt = WallTime(secondsSinceEpoch: 1000)
  var ttl = Duration.seconds(5)
  var absences = 8
  var onOld = 10
  var total = 10
  var returns = 0
  var standing = AddressUse.Standing.left
  var newestSince = WallTime(secondsSinceEpoch: 500)
  var owner: OwnerResolution?
  var lifetime: Duration?

  var dependency: Dependency {
    var dependency = Dependency(id: "orders-db", kind: "postgres", host: "db.lab", port: 5432, origin: .configured)
    var resolution = Resolution(name: "db.lab")
    resolution.addresses = [new]
    resolution.ttl = ttl
    resolution.answers = absences + 20
    resolution.firstAnsweredAt = standing == .left ? WallTime(secondsSinceEpoch: 0) : leftAt
    if standing == .left {
      var history = AddressHistory(address: old, firstSeenAt: .init(secondsSinceEpoch: 0), lastSeenAt: leftAt)
      (history.leftAt, history.absences, history.returns) = (leftAt, absences, returns)
      resolution.history = [history]
    }
    resolution.owner = owner.map { Reading($0, source: "pgbouncer/main", observedAt: leftAt) }
    dependency.resolution = resolution
    dependency.pools = [
      Reading(
        PoolReading(client: "pgbouncer main", active: 0, idle: total, maximumLifetime: lifetime),
        source: "pgbouncer/main", observedAt: leftAt)
    ]
    dependency.sockets = Reading(sockets, source: "kernel", observedAt: leftAt)
    return dependency
  }

  private var sockets: SocketSummary {
    let addresses = [
      AddressUse(
        address: old, connections: onOld, idle: 0, standing: standing, leftAt: standing == .left ? leftAt : nil,
        newestSince: newestSince),
      AddressUse(address: new, connections: total - onOld, idle: 0, standing: .current),
    ]
    return SocketSummary(
      established: total, connecting: 0, closing: 0, idle: total, oldestSince: newestSince, isOldestOlder: false,
      rttMedian: nil, retransmits: 0, clients: [], addresses: addresses.filter { $0.connections > 0 })
  }

  func finding(after seconds: Double) -> Finding? {
    DNSDrift().finding(for: dependency, at: leftAt + .seconds(seconds))
  }
}

struct DNSDriftTests {
  @Test func `all connections on an address that left is critical, with count, address and age`() throws {
    var drifted = Drifted()
    drifted.lifetime = .seconds(3600)
    let finding = try #require(drifted.finding(after: 31))
    #expect(finding.level == .critical)
    #expect(
      finding.text == "10 of 10 connections on 10.0.3.7, which left DNS {since} ago; "
        + "the pool replaces connections only after 3600 s")
    #expect(finding.textSince == drifted.leftAt)
    #expect(finding.action == .drain)
    #expect(finding.evidence.map(\.value).contains("10.0.3.9"))
  }

  @Test(arguments: [(5.0, 29.0, false), (5, 31, true), (20, 31, false), (20, 41, true)])
  func `it waits for two TTLs and for 30 s`(ttl: Double, after: Double, isFound: Bool) {
    var drifted = Drifted()
    drifted.ttl = .seconds(ttl)
    #expect((drifted.finding(after: after) != nil) == isFound)
  }

  @Test func `two answers without the address are not enough`() {
    var drifted = Drifted()
    drifted.absences = 2
    #expect(drifted.finding(after: 600) == nil)
  }

  @Test func `a few connections, not for long, are a warning`() {
    var drifted = Drifted()
    (drifted.onOld, drifted.ttl) = (2, .seconds(15))
    #expect(drifted.finding(after: 40)?.level == .warning)
    #expect(drifted.finding(after: 80)?.level == .critical)
  }

  @Test func `connections there that are dead make it critical, and are told`() throws {
    var drifted = Drifted()
    (drifted.onOld, drifted.ttl) = (2, .seconds(15))
    var dependency = drifted.dependency
    dependency.sockets?.value.conditions.deadAddresses = [drifted.new]
    #expect(DNSDrift().finding(for: dependency, at: drifted.leftAt + .seconds(40))?.level == .warning)
    dependency.sockets?.value.conditions.deadAddresses = [drifted.old, drifted.new]
    let finding = try #require(DNSDrift().finding(for: dependency, at: drifted.leftAt + .seconds(40)))
    #expect(finding.level == .critical)
    #expect(finding.evidence.contains { $0.reading.hasSuffix("nothing comes back") && $0.value == "10.0.3.7" })
  }

  @Test func `rotating answers need twenty answers and ten TTLs`() {
    var drifted = Drifted()
    (drifted.returns, drifted.absences) = (1, 19)
    #expect(drifted.finding(after: 600) == nil)
    drifted.absences = 20
    #expect(drifted.finding(after: 49) == nil)
    #expect(drifted.finding(after: 51) != nil)
  }

  @Test func `connections opened after the change say that the client caches the old answer`() throws {
    var drifted = Drifted()
    drifted.newestSince = drifted.leftAt + .seconds(20)
    #expect(try #require(drifted.finding(after: 60)).text.contains("new connections still go there"))
  }

  @Test func `no connection on the old address is silent`() {
    var drifted = Drifted()
    drifted.onOld = 0
    #expect(drifted.finding(after: 600) == nil)
  }

  @Test func `no answer at all is silent`() {
    var dependency = Drifted().dependency
    dependency.resolution?.addresses = []
    #expect(DNSDrift().finding(for: dependency, at: .init(secondsSinceEpoch: 9000)) == nil)
  }

  @Test func `an address that was never answered is a mapping on the way, as far as is known`() {
    var drifted = Drifted()
    drifted.standing = .neverAnswered
    #expect(drifted.finding(after: 600) == nil)
  }

  @Test func `it is suspected when the pool itself resolved the name to it before`() throws {
    var drifted = Drifted()
    drifted.standing = .suspected
    drifted.owner = OwnerResolution(host: "db.lab", addresses: [drifted.old], remaining: .zero)
    #expect(drifted.finding(after: 29) == nil)
    let finding = try #require(drifted.finding(after: 31))
    #expect(finding.text.contains("suspected drift"))
    #expect(finding.text.hasPrefix("10 of 10 connections on 10.0.3.7, which is not in DNS now"))
    #expect(finding.level == .critical)
    #expect(finding.confidence == 0.6)
  }

  @Test func `it is not suspected of connections that were opened after the first answer`() {
    var drifted = Drifted()
    drifted.standing = .suspected
    drifted.owner = OwnerResolution(host: "db.lab", addresses: [drifted.old], remaining: .zero)
    drifted.newestSince = drifted.leftAt + .seconds(1)
    #expect(drifted.finding(after: 600) == nil)
  }

  @Test func `each namespace is judged by the answers that it gets itself`() throws {
    let pod = NamespaceID(7)
    let drifted = Drifted()
    var dependency = drifted.dependency
    let seenByPod = try #require(dependency.resolution)
    // The collector's own resolver still gives the old address, the pod's has dropped it.
    dependency.resolution?.addresses = [drifted.old]
    dependency.resolution?.history = []
    dependency.views = [ResolutionView(namespace: pod, label: "orders-pod", resolution: seenByPod)]
    let uses = [
      AddressUse(address: drifted.old, connections: 6, idle: 0, standing: .current),
      AddressUse(
        address: drifted.old, connections: 4, idle: 0, standing: .left, leftAt: drifted.leftAt,
        newestSince: drifted.newestSince, namespace: pod),
    ]
    dependency.sockets?.value.addresses = uses
    let finding = try #require(DNSDrift().finding(for: dependency, at: drifted.leftAt + .seconds(60)))
    let text = "4 of 10 connections on 10.0.3.7, which left DNS {since} ago (as orders-pod sees it)"
    #expect(finding.text.hasPrefix(text))
    dependency.sockets?.value.addresses = [uses[0]]
    #expect(DNSDrift().finding(for: dependency, at: drifted.leftAt + .seconds(60)) == nil)
  }
}
