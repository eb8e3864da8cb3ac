/// Which addresses and devices the lab's networks have.
///
///     clients 10.80.0.2 ── 10.80.0.1 router 10.90.0.1 ── 10.90.0.11 … 10.90.0.53 upstreams
enum AddressPlan {
  static let client = "10.80.0.2"
  static let clientGateway = "10.80.0.1"
  static let upstreamGateway = "10.90.0.1"
  static let upstreamNetwork = "10.90.0.0/24"
  /// The devices of the router.
  static let toClients = "to-clients"
  static let toUpstreams = "to-upstreams"
  /// The one device of the clients, and of the upstreams.
  static let device = "eth0"
  /// The last bytes of the upstreams' addresses; the last one is the name server's.
  static let upstreams: [UInt8] = [11, 12, 21, 31, 32, 33, 41, 53]

  /// Commands of `ip -batch` for the router, with paths of the other two namespaces.
  static func router(clients: String, upstreams: String) -> String {
    """
    link set lo up
    link add \(toClients) type veth peer name \(device) netns \(clients)
    link add \(toUpstreams) type veth peer name \(device) netns \(upstreams)
    address add \(clientGateway)/24 dev \(toClients)
    address add \(upstreamGateway)/24 dev \(toUpstreams)
    link set \(toClients) up
    link set \(toUpstreams) up

    """
  }

  /// Commands of `ip -batch` for the clients.
  static let clients = end([client], gateway: clientGateway)

  /// Commands of `ip -batch` for the upstreams.
  static let upstreamsEnd = end(upstreams.map { "10.90.0.\($0)" }, gateway: upstreamGateway)

  private static func end(_ addresses: [String], gateway: String) -> String {
    (["link set lo up"] + addresses.map { "address add \($0)/24 dev \(device)" }
      + ["link set \(device) up", "route add default via \(gateway)", ""]).joined(separator: "\n")
  }
}
