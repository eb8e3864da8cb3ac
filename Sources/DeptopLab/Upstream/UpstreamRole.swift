internal import NIOCore
internal import NIOPosix

/// The process that is one upstream.
package enum UpstreamRole {
  /// Serves until the input ends.
  ///
  /// The first line of the input is an ``UpstreamSpec``, every further one an ``UpstreamCommand``.
  ///
  /// - Parameters:
  ///   - input: A descriptor; the standard input.
  ///   - output: Where the line `ready` goes when all addresses are listened on; the standard output.
  ///   - random: Makes the source of service times and errors of one address.
  /// - Throws: ``ServerRoleProblem``, of which the process is to say one line and end with 1.
  package static func run(
    input: Int32 = 0, output: Int32 = 1,
    random: @escaping @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() }
  ) async throws(ServerRoleProblem) {
    let lines = ServerInput(input)
    guard let spec = try await lines.next(UpstreamSpec.self) else { throw ServerRoleProblem("there is no spec") }
    if let problem = spec.service.problem { throw ServerRoleProblem(problem) }
    let ledger = try ServerRoleProblem.of { () throws(LedgerProblem) in try LedgerWriter(path: spec.ledger) }
    defer { ledger.flush() }
    try await ServerLoop.run { loop throws(ServerRoleProblem) in
      let server = try await ServerLoop.on(loop) { isolated in
        UpstreamServer(spec, loop: isolated, random: random) { ledger.append($0) }
      }
      try await spec.listen(server)
      try ServerInput.announce(on: output)
      while let command = try await lines.next(UpstreamCommand.self) {
        try await ServerLoop.call(server) { server throws(ServerRoleProblem) in try server.obey(command) }
      }
      try await ServerLoop.call(server) { server throws(ServerRoleProblem) in server.end() }
    }
  }
}
