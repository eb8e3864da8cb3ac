internal import DeptopClient
internal import NIOCore
internal import NIOPosix

/// The process that is one service of the fleet.
package enum ClientRole {
  /// Calls its dependencies until the input ends.
  ///
  /// The first line of the input is a ``ClientSpec``, every further one a ``ClientCommand``.
  ///
  /// - Parameters:
  ///   - input: A descriptor; the standard input.
  ///   - output: Where the line `ready` goes when its start-up is over; the standard output.
  /// - Throws: ``ServerRoleProblem``, of which the process is to say one line and end with 1.
  package static func run(input: Int32 = 0, output: Int32 = 1) async throws(ServerRoleProblem) {
    let lines = ServerInput(input)
    guard let spec = try await lines.next(ClientSpec.self) else { throw ServerRoleProblem("there is no spec") }
    let ledger = try ServerRoleProblem.of { () throws(LedgerProblem) in try LedgerWriter(path: spec.ledger) }
    try await ServerLoop.run { loop throws(ServerRoleProblem) in
      let service = try FleetService(spec, loop: loop) { ledger.append($0) }
      let result = await serve(service, lines, output)
      service.shutDown()
      ledger.flush()
      try result.get()
    }
  }

  /// Runs the service beside its input, and ends it when that ends.
  private static func serve(
    _ service: FleetService, _ lines: ServerInput, _ output: Int32
  ) async -> Result<Void, ServerRoleProblem> {
    await withTaskGroup(of: Result<Void, ServerRoleProblem>?.self) { group in
      group.addTask { await result { () throws(ServerRoleProblem) in try await obey(service, lines) } }
      group.addTask {
        await service.run { () throws(ServerRoleProblem) in try ServerInput.announce(on: output) }
      }
      var ended: Result<Void, ServerRoleProblem> = .success(())
      for await part in group {
        guard let part else { continue }
        if case .failure = part { ended = part }
        service.end()
        group.cancelAll()
      }
      return ended
    }
  }

  private static func obey(_ service: FleetService, _ lines: ServerInput) async throws(ServerRoleProblem) {
    while let command = try await lines.next(ClientCommand.self) { try service.obey(command) }
  }

  private static func result(
    _ body: () async throws(ServerRoleProblem) -> Void
  ) async -> Result<Void, ServerRoleProblem> {
    do throws(ServerRoleProblem) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}
