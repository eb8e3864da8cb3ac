import DeptopKernel
import DeptopModel

@testable import DeptopHelper

/// One message of each kind.
enum Samples {
  static let four = SocketAddress(IPAddress(v4: 0x0a00_0307), port: 5432)
  static let six = SocketAddress(IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1), port: 65_535)
  static let owner = SocketOwner(pid: 12, process: "ordérs", startedAt: 99, unit: ServiceUnit(.pod, "a-b"))

  static func target(_ cookie: UInt64, _ treatment: SocketTreatment = .destroy, onlyWhileDead: Bool = false)
    -> RepairTarget
  {
    RepairTarget(
      socket: SocketIdentity(
        namespace: NamespaceID(7), cookie: cookie, local: four, remote: six, inode: 8, pid: 12, processStart: 99),
      treatment: treatment, onlyWhileDead: onlyWhileDead)
  }

  static let requests: [HelperRequest] = [
    .hello(version: 1), .abilities, .namespaces(after: NamespaceID(3)), .openSocket(.icmp6, NamespaceID(4)),
    .owners([1, .max]), .text(.hosts, 44), .settings(.own),
    .translations([SocketEnds(local: four, remote: six)], NamespaceID(5)),
    .announce(
      PlanPart(
        plan: "p-1", life: 600_000, total: 4, offset: 0,
        sockets: [
          target(1), target(.max, .keepalive), target(3, .userTimeout), target(4, .discoveryOff, onlyWhileDead: true),
        ])),
    .repair(.destroy, "p-1", cookies: [1, 2]),
    .repair(.keepalive(idle: 30, interval: 10, probes: 5), "p-1", cookies: []),
    .repair(.userTimeout(milliseconds: -1), "p-1", cookies: [9]),
    .repair(.discoveryOff, "p-1", cookies: [9]),
  ]

  static let answers: [HelperAnswer] = [
    .done, .refused("no"), .malformed("what?"),
    .abilities(HostAbilities(missing: [.destroy: "because", .options: "also"])),
    .namespaces([NamespaceRecord(id: NamespaceID(4_026_531_840), first: owner, processes: 3)], more: true),
    .owners([5: owner, 6: owner, 7: SocketOwner(pid: 1, process: "init")], covered: 9),
    .text(nil), .text([]), .text(Array("nameserver 127.0.0.1\n".utf8)),
    .settings([.keepaliveTime: 7200, .trackedMaximum: .min]), .translations([nil, four, six]),
    .repairs([.done(before: -5), .gone, .refused("it is alive again")]),
  ]
}
