import DeptopModel
import Glibc
import Testing

@testable import DeptopKernel

@Suite("Identity of processes") struct ProcessIdentityTests {
  /// Field 22 is 4711.
  private let tail = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21"

  @Test(arguments: ["sleep", "a b", "a) S 1 2 (b", "))) (", "", "a\u{600}"]) func `the start is found behind any name`(
    name: String
  ) {
    #expect(ProcessFiles.startTime(stat: "12 (\(name))\(tail)\n".utf8) == 4711)
  }

  @Test(arguments: ["", "12", "12 (a)", "12 (a) S 1 2", "12 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x 1"])
  func `a line that is none has no start`(stat: String) {
    #expect(ProcessFiles.startTime(stat: stat.utf8) == nil)
  }

  @Test func `a process keeps its start, and another has another`() throws {
    let files = ProcessFiles()
    let own = try #require(files.startTime(of: getpid()))
    #expect(own > 0)
    #expect(files.startTime(of: getpid()) == own)
    #expect(files.startTime(of: 1) != own)
    #expect(files.startTime(of: 0) == nil)
  }

  private static let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

  @Test(arguments: [
    ("0::/system.slice/orders.service\n", ServiceUnit(.systemd, "orders.service")),
    ("0::/system.slice/orders.service/worker\n", ServiceUnit(.systemd, "orders.service")),
    ("0::/user.slice/user-1000.slice/session-2.scope\n", ServiceUnit(.systemd, "session-2.scope")),
    (
      "0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service\n", ServiceUnit(.systemd, "web.service")
    ),
    ("12:cpu:/\n1:name=systemd:/system.slice/old.service\n", ServiceUnit(.systemd, "old.service")),
    ("1:name=systemd:/system.slice/mixed.service\n0::/\n", ServiceUnit(.systemd, "mixed.service")),
    ("0::/system.slice/docker-\(id).scope\n", ServiceUnit(.container, "0123456789ab")),
    ("0::/docker/\(id)\n", ServiceUnit(.container, "0123456789ab")),
    ("0::/machine.slice/libpod-\(id).scope/container\n", ServiceUnit(.container, "0123456789ab")),
    ("0::/system.slice/containerd.service/cri-containerd:\(id)\n", ServiceUnit(.container, "0123456789ab")),
    ("0::/machine.slice/libpod-conmon-\(id).scope\n", ServiceUnit(.systemd, "libpod-conmon-\(id).scope")),
    (
      "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod12ab_34.slice/cri-containerd-\(id).scope\n",
      ServiceUnit(.pod, "12ab-34")
    ),
    ("0::/kubepods.slice/kubepods-podab_cd.slice/crio-\(id).scope\n", ServiceUnit(.pod, "ab-cd")),
    ("0::/kubepods/besteffort/pod12ab-34/\(id)\n", ServiceUnit(.pod, "12ab-34")),
  ])
  func `the control group names the unit`(text: String, unit: ServiceUnit) {
    #expect(ServiceUnit(controlGroupFile: text) == unit)
  }

  @Test(arguments: [
    "", "0::/\n", "0::/a/b\n", "x\n", "::\n", "0::/\(id.dropLast())\n", "0::/x\(id)\n", "0::/kubepods/pod\n",
  ])
  func `what has no name is no unit`(text: String) {
    #expect(ServiceUnit(controlGroupFile: text) == nil)
  }
}
