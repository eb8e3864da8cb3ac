/// What the console said to several commands, each on its own: one that it does not know costs that one only.
package struct ConsoleAnswers: Sendable {
  /// The number of the connection that was asked, from 1: it changes when the console was reconnected.
  package let connection: Int
  /// `1.18.0/bouncer`.
  package let version: String
  private let tables: [ConsoleCommand: Result<ConsoleTable, PgBouncerError>]

  /// The answers of one connection.
  package init(connection: Int, version: String, tables: [ConsoleCommand: Result<ConsoleTable, PgBouncerError>]) {
    self.connection = connection
    self.version = version
    self.tables = tables
  }

  /// A listing that every version has; nil when it was not asked for.
  ///
  /// - Throws: the refusal, when the console did not accept the command.
  package func table(_ listing: ConsoleCommand.Listing) throws(PgBouncerError) -> ConsoleTable? {
    try tables[.show(listing)]?.get()
  }

  /// A listing that some versions or builds do not have; nil when this is one of them.
  package func tableIfOffered(_ listing: ConsoleCommand.Listing) -> ConsoleTable? {
    guard case .success(let table)? = tables[.show(listing)] else { return nil }
    return table
  }

  /// Why a command was refused; nil when it was not.
  package func refusal(of command: ConsoleCommand) -> PgBouncerError? {
    guard case .failure(let error)? = tables[command] else { return nil }
    return error
  }

  /// True from 1.19, which lists whether everything is paused.
  package var offersState: Bool {
    let numbers = version.split(separator: "/").first?.split(separator: ".").prefix(2).compactMap { Int($0) } ?? []
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (1, 19)
  }
}
