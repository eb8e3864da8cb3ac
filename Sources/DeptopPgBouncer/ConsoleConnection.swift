internal import CPostgres
internal import DeptopConfiguration
internal import DeptopModel
internal import Glibc

/// One logged-in connection to an admin console; closed when it is let go of.
///
/// After an error that is not the server's refusal of a command it cannot be used any more.
@safe struct ConsoleConnection: ~Copyable {
  private let handle: OpaquePointer
  private let place: String
  /// `1.18.0/bouncer`.
  private(set) var version = ""

  deinit {
    unsafe PQfinish(handle)
  }

  private init(handle: OpaquePointer, place: String) {
    unsafe self.handle = handle
    self.place = place
  }

  /// Logs in; `addresses` are those of the host's name, and empty for an address or a Unix socket.
  static func open(
    _ settings: PgBouncerSettings, addresses: [IPAddress], deadline: ConsoleDeadline
  ) throws(PgBouncerError) -> ConsoleConnection {
    guard let handle = unsafe PQconnectStart(settings.connectionString(addresses: addresses)) else {
      throw PgBouncerError(
        kind: .unreachable, place: settings.place, command: nil, sentence: "no memory for a connection")
    }
    var connection = unsafe ConsoleConnection(handle: handle, place: settings.place)
    // Without it libpq prints notices to the standard error.
    unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    try connection.logIn(user: settings.user, deadline: deadline)
    return connection
  }

  private mutating func logIn(user: String, deadline: ConsoleDeadline) throws(PgBouncerError) {
    var next = PGRES_POLLING_WRITING
    if unsafe PQstatus(handle) == CONNECTION_BAD { next = PGRES_POLLING_FAILED }
    while next != PGRES_POLLING_OK {
      if next == PGRES_POLLING_FAILED {
        throw .login(place: place, user: user, message: message)
      }
      let events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT
      guard unsafe deadline.waits(for: events, on: PQsocket(handle)) else {
        throw error(.timedOut, command: nil, "no login within \(deadline.limit.seconds) s")
      }
      next = unsafe PQconnectPoll(handle)
    }
    guard unsafe PQsetnonblocking(handle, 1) == 0 else { throw error(.connectionLost, command: nil, message) }
    version = unsafe PQparameterStatus(handle, "server_version").map { unsafe String(cString: $0) } ?? ""
    guard version.hasSuffix("/bouncer") else {
      throw error(.notPgBouncer, command: nil, "that is not a PgBouncer: its version is \"\(version)\"")
    }
  }

  /// Sends one command and reads its whole answer.
  mutating func answer(
    to command: ConsoleCommand, deadline: ConsoleDeadline
  ) throws(PgBouncerError) -> ConsoleTable {
    guard unsafe PQsendQuery(handle, command.text) == 1 else { throw lost(command) }
    try flush(command, deadline)
    var table = ConsoleTable(columns: [], cells: [])
    var refusal: PgBouncerError?
    while let result = try unsafe nextResult(command, deadline) {
      defer { unsafe PQclear(result) }
      switch unsafe PQresultStatus(result) {
      case PGRES_TUPLES_OK: table = unsafe ConsoleTable(reading: result)
      case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
      case PGRES_FATAL_ERROR: refusal = unsafe self.refusal(of: command, in: result)
      default: throw error(.malformed, command: command, "it answered neither rows nor a command's end")
      }
    }
    if let refusal { throw refusal }
    return table
  }

  private func flush(_ command: ConsoleCommand, _ deadline: ConsoleDeadline) throws(PgBouncerError) {
    while true {
      switch unsafe PQflush(handle) {
      case 0: return
      case 1:
        guard unsafe deadline.waits(for: POLLIN | POLLOUT, on: PQsocket(handle)) else {
          throw silent(command, deadline)
        }
        // A server that sends before it reads would otherwise never come to read.
        guard unsafe PQconsumeInput(handle) == 1 else { throw lost(command) }
      default: throw lost(command)
      }
    }
  }

  /// The next result of the command in hand, which the caller has to clear; nil after the last.
  private func nextResult(
    _ command: ConsoleCommand, _ deadline: ConsoleDeadline
  ) throws(PgBouncerError) -> OpaquePointer? {
    while unsafe PQisBusy(handle) == 1 {
      guard unsafe deadline.waits(for: POLLIN, on: PQsocket(handle)) else { throw silent(command, deadline) }
      guard unsafe PQconsumeInput(handle) == 1 else { throw lost(command) }
    }
    return unsafe PQgetResult(handle)
  }

  private func refusal(of command: ConsoleCommand, in result: OpaquePointer) -> PgBouncerError {
    guard unsafe PQstatus(handle) == CONNECTION_OK else { return lost(command) }
    let field = unsafe PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { unsafe String(cString: $0) }
    let sentence = field ?? message
    let kind: PgBouncerError.Kind = sentence.contains("admin access needed") ? .adminRequired : .commandRefused
    return error(kind, command: command, sentence)
  }

  private func silent(_ command: ConsoleCommand, _ deadline: ConsoleDeadline) -> PgBouncerError {
    error(.timedOut, command: command, "no answer within \(deadline.limit.seconds) s")
  }

  private func lost(_ command: ConsoleCommand) -> PgBouncerError {
    error(.connectionLost, command: command, message.split(separator: "\n").first.map(String.init) ?? "closed")
  }

  private func error(
    _ kind: PgBouncerError.Kind, command: ConsoleCommand?, _ sentence: String
  ) -> PgBouncerError {
    PgBouncerError(kind: kind, place: place, command: command?.text, sentence: sentence)
  }

  /// libpq's words about the last thing that went wrong.
  private var message: String { unsafe String(cString: PQerrorMessage(handle)) }
}

extension ConsoleTable {
  /// Copies a result's rows.
  fileprivate init(reading result: OpaquePointer) {
    let width = unsafe PQnfields(result)
    let columns = (0..<width).map { column in
      unsafe PQfname(result, column).map { unsafe String(cString: $0) } ?? ""
    }
    let cells = unsafe (0..<PQntuples(result)).map { row in
      (0..<width).map { column -> String? in
        guard unsafe PQgetisnull(result, row, column) == 0 else { return nil }
        return unsafe PQgetvalue(result, row, column).map { unsafe String(cString: $0) }
      }
    }
    self.init(columns: columns, cells: cells)
  }
}
