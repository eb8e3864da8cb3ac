import DeptopHelper
import DeptopKernel
import DeptopTestSupport
import Glibc
import Testing

/// Files of processes that have a root of their own, which they fill with what they like.
@Suite("Files of processes by the helper", .privileged) struct ProcessTextTests {
  private let helper: HelperLink
  private let directory: TemporaryDirectory
  private var root: String { directory.file("root") }

  init() throws {
    helper = try HelperLink.launch(path: BuiltProgram.path("deptop-helper"))
    directory = try TemporaryDirectory()
  }

  /// A process in its own root; the commands are what a shell does in it first.
  private func start(_ commands: String) async throws -> ChildProcess {
    var command = ChildProcess.Command(
      [
        "/bin/sh", "-ec",
        """
        mkdir -p \(root)/etc \(root)/run \(root)/proc
        cd \(root)
        \(commands)
        for part in /bin /lib /lib64 /usr; do
          [ -e $part ] && mkdir -p \(root)$part && mount --bind $part \(root)$part
        done
        exec chroot \(root) /bin/sleep 600
        """,
      ], outputPath: directory.file("log"))
    command.launcher = [try Program.required("unshare"), "--mount", "--"]
    let process = try await ChildProcess.start(command)
    let directory = directory
    try await waitUntil("a process in its own root: \(directory.read("log"))") {
      ProcessFiles().name(of: process.pid) == "sleep"
    }
    return process
  }

  private func refusal(of file: ProcessFile, _ process: ChildProcess) -> HostAccessError? {
    do throws(HostAccessError) {
      _ = try helper.text(of: file, process: process.pid)
      return nil
    } catch {
      return error
    }
  }

  @Test func `files are those that the process sees, and links do not leave its root`() async throws {
    try directory.write("the host's\n", to: "secret")
    let process = try await start(
      """
      ln -s /run/real etc/resolv.conf; echo nameserver 127.0.0.9 > run/real
      ln -s \(directory.file("secret")) etc/hosts
      """)
    #expect(try helper.text(of: .resolver, process: process.pid) == Array("nameserver 127.0.0.9\n".utf8))
    #expect(try helper.text(of: .hosts, process: process.pid) == nil)
    #expect(throws: HostAccessError.refused("process 4194304 has ended")) {
      try helper.text(of: .hosts, process: 4_194_304)
    }
    #expect(throws: HostAccessError.self) { try helper.text(of: .hosts, process: -1) }
    try await process.stop()
  }

  @Test(arguments: [
    "mknod etc/hosts c 1 5", "mkfifo etc/hosts", "mkdir etc/hosts", "mknod run/zero c 1 5; ln -s ../run/zero etc/hosts",
    "mount --rbind /proc proc; ln -s /proc/1/maps etc/hosts", "mount --rbind /proc proc; ln -s /proc/uptime etc/hosts",
    "mkdir sys; mount --rbind /sys sys; ln -s /sys/kernel/fscaps etc/hosts",
  ])
  func `devices, pipes and files of the kernel are not opened`(commands: String) async throws {
    let process = try await start(commands)
    #expect(
      refusal(of: .hosts, process)
        == .refused("/etc/hosts of process \(process.pid) is no regular file, or one that the kernel makes up"))
    try await process.stop()
  }

  @Test func `a file that not everybody may read is left alone`() async throws {
    let process = try await start("echo secret > etc/hosts; chmod 640 etc/hosts; echo > etc/resolv.conf")
    #expect(
      refusal(of: .hosts, process)
        == .refused("/etc/hosts of process \(process.pid) is not readable for everybody, and is left alone"))
    #expect(try helper.text(of: .resolver, process: process.pid) == Array("\n".utf8))
    try await process.stop()
  }

  @Test func `a long file is refused whole`() async throws {
    let process = try await start(
      "head -c 65536 /dev/zero > etc/hosts; head -c 65537 /dev/zero > etc/resolv.conf")
    #expect(try helper.text(of: .hosts, process: process.pid)?.count == 65_536)
    #expect(
      refusal(of: .resolver, process)
        == .refused("/etc/resolv.conf of process \(process.pid) is longer than 65536 bytes"))
    try await process.stop()
  }

  @Test func `the capabilities are back afterwards`() async throws {
    let helperProcess = try #require(helper.pid)
    func capabilities() -> String? {
      let status = ProcEntry.text("/proc/\(helperProcess)/status")
      return status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }.map(String.init)
    }
    let process = try await start("mkfifo etc/hosts; echo > etc/resolv.conf")
    let before = try #require(capabilities())
    _ = refusal(of: .hosts, process)
    _ = try helper.text(of: .resolver, process: process.pid)
    #expect(capabilities() == before)
    try await process.stop()
  }
}
