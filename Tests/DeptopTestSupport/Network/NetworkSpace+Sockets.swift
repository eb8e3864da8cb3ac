extension NetworkSpace {
  /// The TCP connections in here that have a remote port, by local port; only those of one process, if one is given.
  package func sockets(to port: UInt16, of pid: Int32? = nil) async throws -> [KernelSocket] {
    try await run(["ss", "-H", "-O", "-t", "-i", "-n", "-o", "-p"]).split(separator: "\n")
      .compactMap { KernelSocket($0) }.filter { $0.remotePort == port && (pid == nil || $0.pid == pid) }
      .sorted { $0.localPort < $1.localPort }
  }

  /// The established ones among them.
  package func established(to port: UInt16, of pid: Int32? = nil) async throws -> [KernelSocket] {
    try await sockets(to: port, of: pid).filter { $0.state == "ESTAB" }
  }

  /// Waits until so many connections to a port are established, and answers them.
  @discardableResult
  package func waitUntilEstablished(
    _ count: Int, to port: UInt16, of pid: Int32? = nil
  ) async throws -> [KernelSocket] {
    var found: [KernelSocket] = []
    try await waitUntil("\(count) connections to port \(port)") {
      found = try await established(to: port, of: pid)
      return found.count == count
    }
    return found
  }

  /// Waits until none of the connections to a port has moved data for a time, by the kernel's own clock of each.
  package func waitUntilQuiet(to port: UInt16, of pid: Int32? = nil, for time: Duration) async throws {
    try await waitUntil("the connections to port \(port) are quiet for \(time)", within: time + .seconds(15)) {
      let sockets = try await established(to: port, of: pid)
      return !sockets.isEmpty && sockets.allSatisfy { $0.quiet >= time }
    }
  }
}
