import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

/// A network namespace with a loopback device, which ends with its last reference.
final class PrivateNamespace: Sendable {
  let id: NamespaceID
  /// A process in it.
  let process: ChildProcess
  private let directory: TemporaryDirectory

  /// Makes one; the commands are what a shell does inside of it first.
  init(_ commands: String = "true") async throws {
    directory = try TemporaryDirectory()
    let ready = directory.file("ready")
    var command = ChildProcess.Command(
      ["/bin/sh", "-ec", "ip link set lo up; \(commands); : > \(ready); exec sleep 600"],
      outputPath: directory.file("log"))
    command.launcher = [try Program.required("unshare"), "--net", "--"]
    let process = try await ChildProcess.start(command)
    self.process = process
    let directory = directory
    try await waitUntil("a namespace: \(directory.read("log"))") {
      if process.hasExited { throw TestFailure("no namespace: \(directory.read("log"))") }
      return directory.has("ready")
    }
    id = try #require(Self.namespace(of: process.pid))
  }

  /// Runs a shell command inside of it.
  func run(_ line: String) async throws {
    var command = ChildProcess.Command(["/bin/sh", "-ec", line], outputPath: directory.file("run"))
    command.launcher = [try Program.required("nsenter"), "--net=/proc/\(process.pid)/ns/net", "--"]
    let status = try await ChildProcess.run(command)
    guard status == 0 else { throw TestFailure("\(line): \(status): \(directory.read("run"))") }
  }

  static func namespace(of process: Int32) -> NamespaceID? {
    var status = stat()
    guard unsafe stat("/proc/\(process)/ns/net", &status) == 0 else { return nil }
    return UInt32(exactly: status.st_ino).map { NamespaceID($0) }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips where the tests may not make namespaces; `DEPTOP_REQUIRE_SERVERS=1` lets them fail.
  static var privileged: Self {
    let isRequired = unsafe getenv("DEPTOP_REQUIRE_SERVERS").map { unsafe String(cString: $0) } == "1"
    let missing = ["unshare", "nsenter", "ip", "nft", "setpriv"].filter { Program.path(of: $0) == nil }
    return .enabled(if: (geteuid() == 0 && missing.isEmpty) || isRequired, "needs root and \(missing)")
  }
}
