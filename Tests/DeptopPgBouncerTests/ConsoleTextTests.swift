import DeptopConfiguration
import DeptopModel
@testable import DeptopPgBouncer
import Testing

@Suite struct ConsoleTextTests {
  @Test(arguments: [
    ("appdb", "RECONNECT \"appdb\""), ("a-b.c", "RECONNECT \"a-b.c\""), ("x\"y", "RECONNECT \"x\"\"y\""),
  ])
  func `a database is named in quotes`(name: String, text: String) {
    #expect(ConsoleCommand.reconnect(database: name).text == text)
  }

  @Test(arguments: [
    ("1970-01-01 00:00:00 UTC", 0.0), ("2026-11-22 17:42:33 UTC", 1_795_369_353),
    ("2024-02-29 23:59:59 UTC", 1_709_251_199), ("2000-03-01 00:00:00 GMT", 951_868_800),
  ])
  func `moments are read without a calendar`(text: String, seconds: Double) {
    #expect(WallTime(consoleText: text)?.secondsSinceEpoch == seconds)
  }

  @Test(arguments: ["2026-11-22 17:42:33 CET", "2026-11-22", "2026-13-01 00:00:00 UTC", "", "a-b-c d:e:f UTC"])
  func `moments in other zones and other texts are unknown`(text: String) {
    #expect(WallTime(consoleText: text) == nil)
  }

  @Test func `the connection string quotes what needs it and names no password that is not set`() {
    var settings = PgBouncerSettings(name: "main")
    settings.host = "db.lab"
    settings.user = "o'brien"
    let address = IPAddress(v4: 0x7f00_0002)
    #expect(
      settings.connectionString(addresses: [address])
        == "host='db.lab' hostaddr='127.0.0.2' port='6432' user='o\\'brien' dbname='pgbouncer' "
        + "application_name='deptop' gssencmode='disable'")
    settings.password = Secret("a\\b")
    #expect(settings.connectionString(addresses: []).hasSuffix(" password='a\\\\b'"))
  }

  @Test(arguments: [
    ("/run/pgbouncer", "/run/pgbouncer/.s.PGSQL.6432"), ("::1", "[::1]:6432"), ("10.0.0.1", "10.0.0.1:6432"),
    ("pool.lab", "pool.lab:6432"),
  ])
  func `a place is named as the operator knows it`(host: String, place: String) {
    var settings = PgBouncerSettings(name: "main")
    settings.host = host
    #expect(settings.place == place)
  }
}

@Suite struct LoginErrorTests {
  private func error(_ message: String) -> PgBouncerError {
    .login(place: "10.0.0.1:6432", user: "stats", message: message)
  }

  @Test func `a wrong password is the operator's to mend`() {
    let error = error(
      "connection to server at \"10.0.0.1\", port 6432 failed: FATAL:  password authentication failed\n")
    #expect(error.kind == .loginRefused && error.isPermanent)
    #expect(
      error.description == "pgbouncer at 10.0.0.1:6432: it refuses user \"stats\": password authentication failed")
  }

  @Test func `a password that is wanted and not configured is named`() {
    let error = error("connection to server at \"10.0.0.1\", port 6432 failed: fe_sendauth: no password supplied\n")
    #expect(error.kind == .loginRefused)
    #expect(error.sentence == "user \"stats\" needs a password, and none is configured")
  }

  @Test func `a refused connection may pass, and libpq's hints are left out`() {
    let error = error(
      """
      connection to server at "db.lab" (127.0.0.2), port 6432 failed: Connection refused
      \tIs the server running on that host and accepting TCP/IP connections?
      connection to server at "db.lab" (127.0.0.3), port 6432 failed: Connection refused
      \tIs the server running on that host and accepting TCP/IP connections?

      """)
    #expect(error.kind == .unreachable && !error.isPermanent)
    #expect(error.sentence == "connection refused")
  }

  @Test func `too many clients will pass`() {
    let error = error(
      "connection to server at \"h\", port 1 failed: FATAL:  no more connections allowed (max_client_conn)\n")
    #expect(error.kind == .unavailable && !error.isPermanent)
  }

  @Test func `a PostgreSQL at the address is told from a PgBouncer`() {
    let error = error(
      "connection to server at \"h\", port 1 failed: FATAL:  database \"pgbouncer\" does not exist\n")
    #expect(error.kind == .notPgBouncer)
  }
}
