package import DeptopModel
internal import Glibc

/// A real dnsmasq on a loopback address, whose answers can be changed while it runs.
///
/// It ends with this value, and also when the test process is killed.
package final class DnsmasqServer: Sendable {
  /// A name of the domain `lab` and its addresses, in order.
  package typealias Hosts = [(name: String, addresses: [String])]

  /// Where it listens, on UDP and TCP.
  package let address: SocketAddress
  private let directory: TemporaryDirectory
  private let process: ChildProcess

  private init(address: SocketAddress, directory: TemporaryDirectory, process: ChildProcess) {
    self.address = address
    self.directory = directory
    self.process = process
  }

  /// Starts one and waits until it has read its names.
  ///
  /// - Parameters:
  ///   - hosts: Names of the domain `lab`, with their addresses in order.
  ///   - ttl: The TTL of those names' records, whole seconds.
  ///   - address: Where it listens; nil for a free place on loopback.
  ///   - isAuthoritative: Whether it answers "no such name" for other names of `lab`, instead of refusing.
  ///   - arguments: More options of dnsmasq, such as `--cname=alias.lab,target.lab,7`.
  ///   - launcher: What is put before it, such as `nsenter` and a network namespace.
  /// - Returns: The running server.
  /// - Throws: ``TestFailure`` with what it wrote when it does not start.
  package static func start(
    hosts: Hosts, ttl: Duration = .seconds(30), at address: SocketAddress? = nil, isAuthoritative: Bool = true,
    arguments: [String] = [], launcher: [String] = []
  ) async throws -> DnsmasqServer {
    let directory = try TemporaryDirectory()
    let place = address ?? freePlace()
    try directory.write(text(of: hosts), to: "hosts")
    // Unlike in the foreground mode, it keeps user and group, whose change would undo its end with the test.
    var command = [
      try Program.required("dnsmasq"), "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
      "--bind-interfaces", "--listen-address=\(place.address)", "--port=\(place.port)",
      "--addn-hosts=\(directory.file("hosts"))", "--local-ttl=\(Int(ttl.seconds))",
    ]
    if isAuthoritative { command.append("--local=/lab/") }
    var start = ChildProcess.Command(command + arguments, outputPath: directory.file("log"))
    start.launcher = launcher
    let process = try await ChildProcess.start(start)
    let server = DnsmasqServer(address: place, directory: directory, process: process)
    try await waitUntil("dnsmasq has read its hosts") {
      guard !process.hasExited else { throw TestFailure("dnsmasq ended: \(directory.read("log"))") }
      return server.readings > 0
    }
    return server
  }

  /// Replaces all names at once, and waits until it has read them.
  package func replaceHosts(_ hosts: Hosts) async throws {
    try directory.write(DnsmasqServer.text(of: hosts), to: "hosts")
    let before = readings
    process.signal(SIGHUP)
    try await waitUntil("dnsmasq has read its hosts again") { readings > before }
  }

  /// Makes it silent: questions are taken by the system and never answered.
  package func pause() { process.signal(SIGSTOP) }
  package func resume() { process.signal(SIGCONT) }

  /// Ends it without a chance to do anything; its port refuses questions afterwards.
  package func kill() async throws {
    process.signal(SIGKILL)
    _ = try await process.exitStatus()
  }

  /// How often the hosts file was read, by dnsmasq's own log.
  private var readings: Int {
    directory.read("log").split(separator: "\n").count { $0.contains("read \(directory.file("hosts"))") }
  }

  private static func text(of hosts: Hosts) -> String {
    hosts.flatMap { host in host.addresses.map { "\($0) \(host.name)\n" } }.joined()
  }

  /// An address that nothing else has: the loopback network has 2^24 of them.
  private static func freePlace() -> SocketAddress {
    SocketAddress(IPAddress(v4: 0x7f00_0000 | .random(in: 0x4d_0001...0x4d_fffe)), port: .random(in: 20_000...29_999))
  }
}
