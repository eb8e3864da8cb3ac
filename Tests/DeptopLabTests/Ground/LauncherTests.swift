import DeptopLab
import DeptopTestSupport
import Glibc
import Testing

// One lab at a time: the kernel makes and removes network namespaces one after the other.
@Suite(.lab, .serialized) struct LauncherTests {
  /// In whatever way a lab ends.
  enum Ending: CaseIterable, Sendable {
    case itself, inputEnds, terminated, interrupted, launcherKilled, keeperKilled, playerKilled
  }

  /// Names its namespaces, starts processes that nobody waits for, and stays.
  private static let script = """
    for kind in net pid user mnt; do echo "$kind $(readlink /proc/self/ns/$kind)"; done
    sleep 1000 & echo "background $!"
    setsid sh -c 'sleep 1000 & echo "orphan $!"'
    echo up
    wait
    """

  @Test(arguments: LabRun.Kind.all, Ending.allCases)
  func `nothing of a lab is left, however it ends`(_ kind: LabRun.Kind, _ ending: Ending) async throws {
    let run = try await LabRun.start(kind, script: Self.script)
    try await run.waitForLine("up")
    let namespaces = ["net", "pid", "user", "mnt"].map(run.value)
    let own = ["net", "pid", "user", "mnt"].map { Processes.link("/proc/self/ns/\($0)") }
    #expect(zip(namespaces, own).allSatisfy { kind.isLoopback ? $0 == $1 : $0 != $1 })
    let family = Processes.family(of: run.launcher.pid)
    #expect(family.count >= 6, "launcher, keeper, player, script and two sleepers")
    #expect(run.place.has("lab"))

    try await Self.end(run, ending)

    try await waitUntil("process \(family) have ended", within: .seconds(20)) {
      family.allSatisfy { Processes.parent(of: $0) == nil }
    }
    if !kind.isLoopback { #expect(namespaces.flatMap(Processes.inside) == []) }
    try await waitUntil("the directory is gone") { !run.place.has("lab") }
  }

  private static func end(_ run: LabRun, _ ending: Ending) async throws {
    switch ending {
    case .itself: kill(try run.scriptPid(), SIGKILL)
    case .inputEnds: run.endInput()
    case .terminated: run.launcher.signal(SIGTERM)
    case .interrupted: run.launcher.signal(SIGINT)
    case .launcherKilled: run.launcher.signal(SIGKILL)
    case .keeperKilled: kill(try run.keeper(), SIGKILL)
    case .playerKilled: kill(try run.player(), SIGKILL)
    }
  }

  @Test(arguments: LabRun.Kind.all)
  func `a program runs among the clients and its exit status is the lab's`(_ kind: LabRun.Kind) async throws {
    let run = try await LabRun.start(
      kind, script: "echo id $(id -u); echo address $(ip -o -4 address show dev eth0 2>&1); exit 3")
    #expect(try await run.launcher.exitStatus() == 3, "\(run.output)")
    if kind.isLoopback {
      #expect(run.value("id") == "\(kind.account?.uid ?? geteuid())")
    } else {
      #expect(run.value("id") == "0")
      #expect(run.value("address").contains("10.80.0.2/24"))
    }
    #expect(!run.place.has("lab"))
  }

  /// A user namespace whose own limits of further namespaces are 0.
  private static func forbidding(_ kinds: String...) -> [String] {
    let script = kinds.map { "echo 0 > /proc/sys/user/max_\($0)_namespaces; " }.joined() + "exec \"$@\""
    return ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"]
  }

  @Test func `where namespaces are forbidden the lab is on loopback and knows why`() async throws {
    let run = try await LabRun.start(
      LabRun.Kind(isLoopback: false, account: nil), before: Self.forbidding("user", "net"),
      script: "echo net $(readlink /proc/self/ns/net); tr '\\0' ' ' < /proc/$PPID/cmdline")
    #expect(try await run.launcher.exitStatus() == 0, "\(run.output)")
    #expect(run.value("net") == Processes.link("/proc/self/ns/net"))
    let reason = "user namespaces are switched off (user.max_user_namespaces is 0)"
    #expect(run.output.contains("--barrier \(reason) "), "\(run.output)")
  }

  @Test func `a privileged account does without a user namespace where those are forbidden`() async throws {
    let run = try await LabRun.start(
      LabRun.Kind(isLoopback: false, account: nil), before: Self.forbidding("user"),
      script: "echo address $(ip -o -4 address show dev eth0)")
    #expect(try await run.launcher.exitStatus() == 0, "\(run.output)")
    #expect(run.value("address").contains("10.80.0.2/24"))
  }

  @Test(arguments: [false, true])
  func `orphans are taken in and forgotten while the lab runs`(_ isLoopback: Bool) async throws {
    let run = try await LabRun.start(
      LabRun.Kind(isLoopback: isLoopback, account: nil),
      script: "o=$( (sleep 0.01 >/dev/null & echo $!) ); while [ -d /proc/$o ]; do sleep 0.01; done; exit 5")
    #expect(try await run.launcher.exitStatus() == 5, "\(run.output)")
  }

  @Test func `names are asked for at the lab's own name server`() async throws {
    let before = Processes.text("/etc/resolv.conf")
    let run = try await LabRun.start(
      LabRun.Kind(isLoopback: false, account: nil), script: "cat /etc/resolv.conf")
    #expect(try await run.launcher.exitStatus() == 0, "\(run.output)")
    #expect(run.output == "nameserver 10.90.0.53\noptions timeout:1 attempts:1\n")
    #expect(Processes.text("/etc/resolv.conf") == before)
  }

  @Test func `launcher and keeper have one thread each, on which every signal arrives`() async throws {
    let run = try await LabRun.start(LabRun.Kind(isLoopback: true, account: nil), script: "echo up; sleep 1000")
    try await run.waitForLine("up")
    for pid in [run.launcher.pid, try run.keeper()] {
      #expect(Processes.field("Threads", of: pid) == "1")
    }
    run.endInput()
    _ = try await run.launcher.exitStatus()
  }

  @Test func `a program gets no descriptor but its three`() async throws {
    let run = try await LabRun.start(
      LabRun.Kind(isLoopback: false, account: nil), script: "ls /proc/self/fd")
    #expect(try await run.launcher.exitStatus() == 0)
    // The last one is that of the directory.
    #expect(run.output == "0\n1\n2\n3\n")
  }
}

extension LabRun {
  /// The script, the only child of the process that plays the lab.
  fileprivate func scriptPid() throws -> Int32 {
    let player = try player()
    let children = Processes.all().filter { Processes.parent(of: $0) == player }
    guard let script = children.first else { throw TestFailure("the script is gone") }
    return script
  }
}
