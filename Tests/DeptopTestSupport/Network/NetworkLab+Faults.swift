package import DeptopModel

extension NetworkLab {
  /// Makes the router forget the flows from some of the client's ports; neither end is told.
  ///
  /// - Throws: ``TestFailure`` when one of them is not tracked.
  package func evict(ports: [UInt16]) async throws {
    for port in ports { try await router.run(["conntrack", "-D", "-p", "tcp", "--sport", "\(port)"]) }
  }

  /// Makes the router forget each flow on which nothing has passed for a time, whole seconds; counts from a flow's next
  /// packet.
  package func evictByTimeout(_ seconds: Int) async throws {
    try await router.set("net.netfilter.nf_conntrack_tcp_timeout_established=\(seconds)")
  }

  /// From now on packets of a forgotten flow are answered with RST.
  package func answerEvictedWithReset() async throws {
    try await apply { $0.answersWithReset = true }
  }

  /// Lowers the largest packet that gets from the router to the servers; servers keep offering their full segment size.
  ///
  /// With the router's "too large" swallowed, senders never learn of it.
  package func lowerMTU(_ bytes: Int, swallowICMP: Bool) async throws {
    try await apply { $0.swallowsTooLarge = swallowICMP }
    try await router.run(["ip", "link", "set", "wan", "mtu", "\(bytes)"])
  }

  /// Drops everything that is sent to an address.
  package func dropTraffic(to address: IPAddress) async throws {
    try await apply { $0.unreachable.insert(address) }
  }

  /// Takes every fault away; flows that were forgotten stay forgotten.
  package func heal() async throws {
    try await apply { $0 = RouterFilter() }
    try await router.run(["ip", "link", "set", "wan", "mtu", "1500"])
    // The kernel's default, five days.
    try await evictByTimeout(432_000)
    // What a sender has learned of the path outlives the fault otherwise, for ten minutes.
    try await app.run(["ip", "route", "flush", "cache"])
  }
}

extension NetworkLab {
  /// Who translates the address of a service into those of its servers.
  package enum Translator: Sendable {
    /// The client's own namespace, as kube-proxy does on the node for the node's processes.
    case client
    /// A device on the way, of which the client's host knows nothing.
    case router
  }

  /// Makes an address and port that no host has lead to some servers in turn, at the same port.
  package func translate(_ service: SocketAddress, to servers: [IPAddress], by translator: Translator) async throws {
    let table = "service-\(service.address)-\(service.port)".replacing { $0.isLetter || $0.isNumber ? $0 : "_" }
    let choices = servers.enumerated().map { "\($0.offset) : \($0.element)" }.joined(separator: ", ")
    let rule = "ip daddr \(service.address) tcp dport \(service.port) dnat to numgen inc mod \(servers.count) map "
    let hook = translator == .client ? "output" : "prerouting"
    let text = """
      table ip \(table) {
        chain translation { type nat hook \(hook) priority -100; \(rule){ \(choices) }; }
      }

      """
    try await (translator == .client ? app : router).run(["nft", "-f", "-"], input: text)
  }
}

extension String {
  fileprivate func replacing(_ replacement: (Character) -> Character) -> String { String(map(replacement)) }
}
