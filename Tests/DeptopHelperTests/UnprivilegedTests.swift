import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

/// A collector that is an ordinary user, and whose helper has no capability at all.
@Suite("The helper without privileges", .privileged) struct UnprivilegedTests {
  @Test func `every verb answers, or says what is missing`() async throws {
    let space = try await PrivateNamespace()
    let directory = try TemporaryDirectory()
    // Copies, as the build's own directory may be closed to others.
    for name in ["deptop-helper", "helper-fixture"] {
      let copy = ChildProcess.Command(
        ["/bin/cp", BuiltProgram.path(name), directory.file(name)], outputPath: directory.file("cp"))
      #expect(try await ChildProcess.run(copy) == 0)
    }
    var command = ChildProcess.Command(
      [
        directory.file("helper-fixture"), directory.file("deptop-helper"), "\(space.id.inode)", "\(space.process.pid)",
      ], outputPath: directory.file("answers"))
    command.launcher = [
      try Program.required("setpriv"), "--reuid", "65534", "--regid", "65534", "--clear-groups", "--",
    ]
    let file = directory.file("answers")
    try directory.write("", to: "answers")
    #expect(unsafe chmod(file, 0o666) == 0)
    #expect(try await ChildProcess.run(command) == 0)
    let answers = directory.read("answers")
    for expected in [
      "ability processes: deptop-helper lacks CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH",
      "ability namespaces: deptop-helper lacks CAP_SYS_ADMIN and CAP_SYS_PTRACE",
      "ability destroy: sockets may not be closed: deptop-helper lacks CAP_NET_ADMIN",
      "ability options: deptop-helper lacks CAP_SYS_PTRACE",
      "ability translations: conntrack may not be read: deptop-helper lacks CAP_NET_ADMIN",
      "namespaces: false\n", "own diagnostics: true\n",
      "other diagnostics: no process that the helper may read is in \(space.id)\n", "owners: 0\n",
      "text: the files of process \(space.process.pid) may not be read: permission denied; deptop-helper lacks",
      "own settings: true\n", "other settings: no process that the helper may read is in \(space.id)\n",
      "translations: conntrack may not be read: deptop-helper lacks CAP_NET_ADMIN",
      "repair: the plan is not announced\n", "announced repair: [DeptopKernel.RepairOutcome.gone]\n",
    ] {
      #expect(answers.contains(expected), "\(expected) in\n\(answers)")
    }
  }
}
