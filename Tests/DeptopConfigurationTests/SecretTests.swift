import DeptopConfiguration
import Testing

@Suite struct SecretTests {
  private static let file = "/etc/deptop/pgb.secret"
  private static let fromFile = "sources: {pgbouncer: [{name: a, password_file: \(file)}]}"
  private static let inline = "sources: {pgbouncer: [{name: a, password: s3cret}]}"

  private func configuration(_ bytes: String, mode: UInt32 = 0o600) -> ConfigurationText {
    ConfigurationText(
      Self.fromFile, mode: 0o644, files: [Self.file: FileContents(bytes: Array(bytes.utf8), mode: mode)])
  }

  @Test(arguments: ["s3cret", "s3cret\n", "s3cret\r\n"])
  func `a password comes from its file without the end of line`(bytes: String) throws {
    let settings = try configuration(bytes).load()
    #expect(settings.pgbouncers.map(\.password) == [Secret("s3cret")])
  }

  @Test(arguments: [0o400, 0o600, 0o640, 0o440] as [UInt32])
  func `a password file may be read by its owner and its group`(mode: UInt32) throws {
    #expect(try configuration("s3cret", mode: mode).load().pgbouncers.first?.password == Secret("s3cret"))
  }

  @Test(arguments: [(0o644, "0644"), (0o604, "0604"), (0o777, "0777")] as [(UInt32, String)])
  func `a password file that every user can read is refused with its mode`(mode: UInt32, text: String) {
    #expect(
      configuration("s3cret", mode: mode).error == """
        /etc/deptop.yaml:1:48: sources.pgbouncer[0].password_file: "\(Self.file)": has mode \(text), so that every \
        user can read the password; take the right to read from others (chmod o-r)
        """)
  }

  @Test(arguments: [
    ("", "holds no password"), ("\n", "holds no password"),
    ("a\nb", "holds more than one line, or control characters"),
    (String(repeating: "x", count: 4097), "is larger than 4096 bytes"),
  ])
  func `a password file that holds no password is refused`(bytes: String, message: String) {
    #expect(
      configuration(bytes).error
        == "/etc/deptop.yaml:1:48: sources.pgbouncer[0].password_file: \"\(Self.file)\": \(message)")
  }

  @Test func `a password file that is missing is named`() {
    #expect(
      ConfigurationText(Self.fromFile).error == """
        /etc/deptop.yaml:1:48: sources.pgbouncer[0].password_file: "\(Self.file)": cannot be read: \
        No such file or directory
        """)
  }

  @Test func `an inline password is accepted in a file that others cannot read`() throws {
    let settings = try ConfigurationText(Self.inline, mode: 0o640).load()
    #expect(settings.pgbouncers.map(\.password) == [Secret("s3cret")])
  }

  @Test func `an inline password is refused in a file that others can read`() {
    #expect(
      ConfigurationText(Self.inline, mode: 0o644).error == """
        /etc/deptop.yaml:1:43: sources.pgbouncer[0].password: a password may only stand in a file that other users \
        cannot read, and /etc/deptop.yaml has mode 0644; use password_file, or take the right to read from others \
        (chmod o-r)
        """)
  }

  @Test func `a password and a password file exclude each other`() {
    let text = "sources: {pgbouncer: [{name: a, password: s3cret, password_file: /x}]}"
    #expect(
      ConfigurationText(text).error
        == "/etc/deptop.yaml:1:43: sources.pgbouncer[0].password: give either password or password_file")
  }

  @Test(arguments: [
    "password: yes", "password: [s3cret]", "password: \"s3cret\\n\"", "password: !x s3cret", "pasword: s3cret",
    "password: s3cret\n      password: s3cret", "password: {s3cret: 1}", "password: &s3cret",
  ])
  func `no error repeats a password`(line: String) {
    let error = ConfigurationText("sources:\n  pgbouncer:\n    - name: a\n      \(line)\n").error
    #expect(error.contains("sources.pgbouncer[0].pas"))
    #expect(!error.contains("s3cret") && !error.contains("\"yes\""))
  }

  @Test func `a secret never describes itself`() {
    let secret = Secret("s3cret")
    #expect("\(secret) \(String(reflecting: secret))" == "<redacted> <redacted>")
  }
}
