import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

@Suite(.serialized, .servers("curl", nameServer: false), .timeLimit(.minutes(2)))
struct DaemonLifeTests {
  private func arguments(_ socket: String, in place: TemporaryDirectory) -> [String] {
    ["--socket", socket, "--state-directory", place.file("state")]
  }

  /// What deptopd says, which is one line and nothing else.
  private func complaint(
    _ arguments: [String], as user: OtherUser? = nil, status: Int32 = 1, location: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let run = try await ProductCommand.deptopd(arguments, as: user)
    #expect(run.status == status, "\(run)", sourceLocation: location)
    let lines = (run.output + run.errors).split(separator: "\n")
    #expect(lines.count == 1 && run.errors.hasPrefix("deptopd: "), "\(run)", sourceLocation: location)
    return String(lines.first ?? "")
  }

  @Test func `a second collector on the same socket is refused, and the first one goes on`() async throws {
    let daemon = try await DaemonUnderTest.start()
    let place = try TemporaryDirectory()
    let text = try await complaint(arguments(daemon.socketPath, in: place))
    #expect(text.contains("\(daemon.socketPath): another collector already serves this socket"))
    #expect(try await daemon.snapshot().collector.pid == daemon.pid)
  }

  @Test func `a socket file that a killed collector left is taken over, and SIGTERM removes it`() async throws {
    let daemon = try await DaemonUnderTest.start()
    try await daemon.kill()
    #expect(daemon.place.has("control.sock"))
    try await daemon.launch()
    #expect(try await daemon.terminate() == 0)
    #expect(!daemon.place.has("control.sock"))
  }

  @Test func `a collector with open streams ends in time, and says so to their readers`() async throws {
    let daemon = try await DaemonUnderTest.start()
    let output = try TemporaryDirectory()
    let watch = try await ProductCommand.start(
      ["watch", "--socket", daemon.socketPath], writingTo: "watch", in: output)
    try await waitUntil("the stream runs") { output.read("watch").contains("full") }
    #expect(try await daemon.terminate() == 0)
    #expect(try await watch.exitStatus() == 3)
    #expect(output.read("watch").hasSuffix("deptop: the collector ended the stream\n"))
  }

  @Test func `a file that is no socket is left alone`() async throws {
    let place = try TemporaryDirectory()
    let path = try place.write("precious", to: "file")
    #expect(try await complaint(arguments(path, in: place)).contains("\(path): is not a socket, and is left alone"))
    #expect(place.read("file") == "precious")
  }

  @Test func `a missing directory is made, but not its parents`() async throws {
    let place = try TemporaryDirectory()
    let deep = place.file("a/b/control.sock")
    #expect(
      try await complaint(arguments(deep, in: place)).contains(
        "\(place.file("a/b")): the socket's directory cannot be created: No such file or directory"))
    let output = ChildProcess.Command(
      [BuiltProgram.path("deptopd")] + arguments(place.file("a/control.sock"), in: place), outputPath: place.file("log")
    )
    let daemon = try await ChildProcess.start(output)
    try await waitUntil("the socket answers") {
      try await Curl(place.file("a/control.sock")).get("/healthz").status == 200
    }
    try await daemon.stop()
  }

  @Test func `a path that is too long for a socket is refused`() async throws {
    let place = try TemporaryDirectory()
    let long = place.file(String(repeating: "x", count: 120))
    #expect(try await complaint(arguments(long, in: place)).contains("at most 107 bytes"))
  }

  @Test(.otherUsers) func `directories that may not be written are told by name`() async throws {
    let place = try TemporaryDirectory()
    let user = try OtherUser()
    let socket = place.file("control.sock")
    let text = try await complaint(arguments(socket, in: place), as: user)
    #expect(text.contains("\(socket).lock: cannot be created: Permission denied"))
    let open = try TemporaryDirectory()
    unsafe chmod(open.path, 0o777)
    let state = try await complaint(arguments(open.file("control.sock"), in: place), as: user)
    #expect(state.contains(place.file("state")) && state.lowercased().contains("permission denied"), "\(state)")
    #expect(!open.has("control.sock"))
  }

  @Test func `a check prints the settings in force without secrets, or every problem with its place`() async throws {
    let place = try TemporaryDirectory()
    try place.write("s3cret\n", to: "password")
    unsafe chmod(place.file("password"), 0o600)
    let good = try place.write(
      """
      sources:
        pgbouncer: [{name: main, user: admin, password_file: \(place.file("password"))}]
      dependencies: [{name: orders-db, endpoint: "db.lab:5432"}]
      """, to: "good.yaml")
    let valid = try await ProductCommand.deptopd(["--config", good, "--check"])
    #expect(valid.status == 0 && valid.errors.isEmpty, "\(valid)")
    #expect(valid.output.contains("orders-db") && valid.output.contains("redacted") && !valid.output.contains("s3cret"))
    let defaults = try await ProductCommand.deptopd(["--check"])
    #expect(defaults.status == 0 && defaults.output.contains("tick_interval_seconds: 1"))

    let bad = try place.write("tick_interval_seconds: 0\nsuorces: {}\n", to: "bad.yaml")
    let invalid = try await ProductCommand.deptopd(["--config", bad, "--check"])
    #expect(invalid.status == 2 && invalid.output.isEmpty)
    #expect(invalid.errors.contains("\(bad):1:24: tick_interval_seconds: "), "\(invalid)")
    #expect(invalid.errors.contains("\(bad):2:1: suorces: unknown key; did you mean \"sources\"?"), "\(invalid)")
    let missing = try await complaint(["--config", place.file("none.yaml"), "--check"], status: 2)
    #expect(missing.contains(place.file("none.yaml")))
    #expect(try await ProductCommand.deptopd(["--config", bad]).status == 2)
  }

  @Test func `a reload with errors keeps the settings and says so until one succeeds`() async throws {
    let daemon = try await DaemonUnderTest.start("dependencies: [{name: first, endpoint: \"127.0.0.1:9\"}]\n")
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "first")
    try daemon.configure("dependencies: [{name: second}]\n")
    daemon.reload()
    try dashboard.wait(for: "the configuration was not reloaded")
    #expect(try await daemon.snapshot().collector.notice?.contains("endpoint: is missing") == true)
    #expect(dashboard.shows("first") && !dashboard.shows("second"))
    let status = try await ProductCommand.deptop(["status", "--socket", daemon.socketPath])
    #expect(status.output.contains("collector: the configuration was not reloaded"))
    try daemon.configure("dependencies: [{name: second, endpoint: \"127.0.0.1:9\"}]\n")
    daemon.reload()
    try dashboard.wait("the new settings are in force") {
      $0.shows("second") && !$0.shows("first") && !$0.shows("not reloaded")
    }
  }

  @Test func `without a collector every command says so and exits with 3`() async throws {
    let place = try TemporaryDirectory()
    for command in [["status"], ["watch"], ["findings"], ["audit"], ["drain", "x", "--dry-run"]] {
      let run = try await ProductCommand.deptop(command + ["--socket", place.file("none.sock")])
      #expect(run.status == 3 && run.output.isEmpty, "\(run)")
      #expect(run.errors == "deptop: no collector answers on \(place.file("none.sock"))\n")
    }
    let dashboard = try DashboardUnderTest(["--socket", place.file("none.sock")])
    try dashboard.wait(for: "no collector for")
    #expect(dashboard.shows("no collector answers on"))
    #expect(try dashboard.quit() == .exited(0))
  }
}
