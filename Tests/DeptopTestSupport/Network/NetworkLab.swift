package import DeptopModel
internal import Synchronization

/// Clients and servers in network namespaces of their own, with a router in between that hides the clients behind its
/// own address, as a NAT gateway does.
///
///     app 10.77.1.2 ── 10.77.1.1 router 10.77.2.1 ── 10.77.2.10, 10.77.2.11 db
///
/// A packet that belongs to no flow that the router tracks is dropped. Nothing leads out of it, and all of it ends with
/// this value and with the test process.
package final class NetworkLab: Sendable {
  package static let client = IPAddress(v4: 0x0a4d_0102)
  package static let server = IPAddress(v4: 0x0a4d_020a)
  package static let secondServer = IPAddress(v4: 0x0a4d_020b)

  /// Where the collector runs: with loopback alone, so that nothing that it tries by itself leaves the machine.
  package let host: NetworkSpace
  /// Where clients run.
  package let app: NetworkSpace
  package let router: NetworkSpace
  /// Where servers run.
  package let db: NetworkSpace
  /// What the router's filter does now.
  let filter = Mutex(RouterFilter())

  private init(host: NetworkSpace, app: NetworkSpace, router: NetworkSpace, db: NetworkSpace) {
    self.host = host
    self.app = app
    self.router = router
    self.db = db
  }

  /// Makes the namespaces and everything between them; packets pass once it returns.
  package static func start() async throws -> NetworkLab {
    let lab = NetworkLab(
      host: try await NetworkSpace.start(), app: try await NetworkSpace.start(),
      router: try await NetworkSpace.start(), db: try await NetworkSpace.start())
    try await lab.router.attach("lan", address: "10.77.1.1/24", to: lab.app)
    try await lab.router.attach("wan", address: "10.77.2.1/24", to: lab.db)
    try await lab.app.join(addresses: ["\(client)/24"], gateway: "10.77.1.1")
    try await lab.db.join(addresses: ["\(server)/24", "\(secondServer)/24"], gateway: "10.77.2.1")
    // The rules load the module that has the settings.
    try await lab.router.run(["nft", "-f", "-"], input: RouterFilter.masquerade)
    try await lab.apply { $0 = RouterFilter() }
    try await lab.router.set("net.ipv4.ip_forward=1", "net.netfilter.nf_conntrack_tcp_loose=0")
    return lab
  }

  /// Changes the router's filter and puts it in place at once.
  func apply(_ change: (inout RouterFilter) -> Void) async throws {
    let text = filter.withLock { filter in
      change(&filter)
      return filter.text
    }
    try await router.run(["nft", "-f", "-"], input: text)
  }
}

extension NetworkSpace {
  /// Adds a device whose other end is the `eth0` of another namespace.
  fileprivate func attach(_ device: String, address: String, to other: NetworkSpace) async throws {
    let pair = ["ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", "\(other.pid)"]
    try await run(pair)
    try await run(["ip", "address", "add", address, "dev", device])
    try await run(["ip", "link", "set", device, "up"])
  }

  fileprivate func join(addresses: [String], gateway: String) async throws {
    for address in addresses { try await run(["ip", "address", "add", address, "dev", "eth0"]) }
    try await run(["ip", "link", "set", "eth0", "up"])
    try await run(["ip", "route", "add", "default", "via", gateway])
  }
}
