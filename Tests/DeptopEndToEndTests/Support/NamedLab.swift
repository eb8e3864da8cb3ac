import DeptopModel
import DeptopTestSupport

/// A network laboratory whose clients have a name server on their own loopback, beside one that the host asks.
final class NamedLab: Sendable {
  let network: NetworkLab
  /// What the clients ask, at 127.0.0.1 port 53 of their namespace.
  let inside: DnsmasqServer
  /// What deptopd asks.
  let outside: DnsmasqServer
  private let name: String
  private let files: TemporaryDirectory

  private init(
    name: String, network: NetworkLab, inside: DnsmasqServer, outside: DnsmasqServer, files: TemporaryDirectory
  ) {
    self.name = name
    self.network = network
    self.inside = inside
    self.outside = outside
    self.files = files
  }

  /// Starts one in which a name has an address for the clients and one for the host.
  static func start(_ name: String, inside: IPAddress, outside: IPAddress) async throws -> NamedLab {
    let network = try await NetworkLab.start()
    let loopback = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 53)
    let files = try TemporaryDirectory()
    try files.write("nameserver 127.0.0.1\n", to: "resolv.conf")
    return NamedLab(
      name: name, network: network,
      inside: try await DnsmasqServer.start(
        hosts: [(name, ["\(inside)"])], ttl: .seconds(1), at: loopback, launcher: network.app.launcher),
      outside: try await DnsmasqServer.start(
        hosts: [(name, ["\(outside)"])], ttl: .seconds(1), launcher: network.host.launcher),
      files: files)
  }

  /// What is put before a client, so that it asks the name server of its namespace.
  var launcher: [String] {
    network.app.launcher(replacing: ["/etc/resolv.conf": files.file("resolv.conf")])
  }

  /// The configuration with which deptopd watches Redis at that name.
  func configuration(of dependency: String) -> String {
    """
    sources: {dns: {resolvers: ["\(outside.address)"], minimum_interval_seconds: 1}}
    dependencies: [{name: \(dependency), kind: redis, endpoint: "\(name):6379", probe: false}]

    """
  }
}
