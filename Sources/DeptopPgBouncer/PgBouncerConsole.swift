internal import DeptopBlocking
package import DeptopConfiguration
internal import DeptopModel
internal import Synchronization

/// One PgBouncer's admin console, asked over a connection that is kept and reopened when it fails.
///
/// Calls wait for each other in the order in which they are made. Each ends within its own time limit, whatever
/// PgBouncer does. The connection is closed when the console is let go of.
package final class PgBouncerConsole: Sendable {
  package let settings: PgBouncerSettings
  private let thread = BlockingThread()
  private let session: ConsoleSession

  /// Opens nothing yet.
  package init(settings: PgBouncerSettings) {
    self.settings = settings
    session = ConsoleSession(settings: settings)
  }

  /// Asks several commands one after the other.
  ///
  /// The limit is for the login and all answers together; nil means the configured timeout.
  ///
  /// - Throws: ``PgBouncerError`` when there is no connection; a refused command is in the answers.
  package func ask(
    _ commands: [ConsoleCommand], within limit: Duration? = nil
  ) async throws(PgBouncerError) -> ConsoleAnswers {
    let deadline = ConsoleDeadline(after: limit ?? settings.timeout)
    let session = session
    return try await thread.run { () throws(PgBouncerError) in try session.ask(commands, deadline) }
  }

  /// Closes the connection; the next call opens another.
  package func close() async {
    let session = session
    await thread.run { session.close() }
  }
}

/// The connection of a console, used by its thread alone.
private final class ConsoleSession: Sendable {
  private struct State: ~Copyable {
    var connection: ConsoleConnection?
    /// Connections opened so far.
    var opened = 0
  }

  private let settings: PgBouncerSettings
  private let lookup: HostLookup
  private let state = Mutex(State())

  init(settings: PgBouncerSettings) {
    self.settings = settings
    lookup = HostLookup(settings: settings)
  }

  func close() {
    state.withLock { $0.connection = nil }
  }

  func ask(_ commands: [ConsoleCommand], _ deadline: ConsoleDeadline) throws(PgBouncerError) -> ConsoleAnswers {
    try state.withLock { state throws(PgBouncerError) in
      let isReused = state.connection != nil
      do throws(PgBouncerError) {
        return try answers(to: commands, deadline, &state)
      } catch {
        state.connection = nil
        // A kept connection that PgBouncer closed between two calls says nothing about PgBouncer now.
        guard isReused, error.kind == .connectionLost, commands.allSatisfy(\.changesNothing) else { throw error }
      }
      do throws(PgBouncerError) {
        return try answers(to: commands, deadline, &state)
      } catch {
        state.connection = nil
        throw error
      }
    }
  }

  private func answers(
    to commands: [ConsoleCommand], _ deadline: ConsoleDeadline, _ state: inout State
  ) throws(PgBouncerError) -> ConsoleAnswers {
    var connection: ConsoleConnection
    if let kept = state.connection.take() {
      connection = kept
    } else {
      connection = try .open(settings, addresses: try lookup.addresses(deadline), deadline: deadline)
      state.opened += 1
    }
    var tables: [ConsoleCommand: Result<ConsoleTable, PgBouncerError>] = [:]
    for command in commands {
      do throws(PgBouncerError) {
        tables[command] = .success(try connection.answer(to: command, deadline: deadline))
      } catch {
        guard error.leavesConnectionUsable else { throw error }
        tables[command] = .failure(error)
      }
    }
    let version = connection.version
    state.connection = consume connection
    return ConsoleAnswers(connection: state.opened, version: version, tables: tables)
  }
}
