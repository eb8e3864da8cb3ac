internal import CLab
internal import Glibc

/// What the lab stands on: the networks of the clients and of the upstreams, and the router between them.
package struct LabGround: Sendable {
  /// Where clients and the collector run.
  package let clients: LabSpace
  /// Where upstreams and the name server run.
  package let upstreams: LabSpace
  /// nil where everything is on loopback.
  package let router: RouterControl?
  /// `10.90.0.`, or `127.90.0.` on loopback: what every upstream's address begins with.
  package let addressPrefix: String
  /// The name server's; an ordinary user may not have port 53 on loopback.
  package let nameServerPort: UInt16

  /// Everything on loopback, where this process is.
  package static func loopback() -> LabGround {
    LabGround(
      clients: .current("clients"), upstreams: .current("upstreams"), router: nil, addressPrefix: "127.90.0.",
      nameServerPort: 5353)
  }

  /// Two networks of their own with a router in between, in new network namespaces; packets pass once it returns.
  ///
  /// Needs CAP_SYS_ADMIN and CAP_NET_ADMIN, which root of a user namespace has.
  package static func routed() async throws(GroundError) -> LabGround {
    let router = try await LabSpace.make("router")
    let clients = try await LabSpace.make("clients")
    let upstreams = try await LabSpace.make("upstreams")
    try await join(router, clients, upstreams)
    for space in [clients, upstreams] {
      // What a connection found out about its path is forgotten with it; no smaller size is tried by itself.
      try await space.set("net/ipv4/tcp_no_metrics_save", "1")
      try await space.set("net/ipv4/tcp_mtu_probing", "0")
    }
    try await router.set("net/ipv4/ip_forward", "1")
    let control = RouterControl(router: router)
    try await control.start()
    return LabGround(
      clients: clients, upstreams: upstreams, router: control, addressPrefix: "10.90.0.", nameServerPort: 53)
  }

  private static func join(
    _ router: LabSpace, _ clients: LabSpace, _ upstreams: LabSpace
  ) async throws(GroundError) {
    guard let toClients = clients.path, let toUpstreams = upstreams.path else { return }
    let batch = ["-batch", "-"]
    try await router.tool(.ip, batch, input: AddressPlan.router(clients: toClients, upstreams: toUpstreams))
    try await clients.tool(.ip, batch, input: AddressPlan.clients)
    try await upstreams.tool(.ip, batch, input: AddressPlan.upstreamsEnd)
    try await router.sendPlainPackets(on: [AddressPlan.toClients, AddressPlan.toUpstreams])
    try await clients.sendPlainPackets(on: [AddressPlan.device])
    try await upstreams.sendPlainPackets(on: [AddressPlan.device])
  }
}

extension LabSpace {
  /// Lets what passes the router be packets as on a wire, so that their size is what the rules of the router see.
  fileprivate func sendPlainPackets(on devices: [String]) async throws(GroundError) {
    try await run { () throws(GroundError) in
      for device in devices {
        let code = unsafe clab_device_plain(device)
        guard code == 0 else { throw .system("the offloads of \(device) cannot be switched off", code: -code) }
      }
    }
  }
}
