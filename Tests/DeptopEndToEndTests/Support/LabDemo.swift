import DeptopLab
import DeptopScreen
import DeptopTestSupport
import DeptopWire
import Glibc

/// A real `deptop demo` on a pseudo terminal, as an ordinary user if the tests are root's.
final class LabDemo {
  let dashboard: DashboardUnderTest
  /// Where the lab makes its directory, and where nothing else lies.
  let place: TemporaryDirectory

  init(_ scenario: String, arguments: [String] = []) throws {
    place = try TemporaryDirectory()
    dashboard = try DashboardUnderTest(
      ["demo", "--scenario", scenario] + arguments, program: try Self.launcher + [BuiltProgram.path("deptop")],
      environment: ["TMPDIR": place.path], size: Size(columns: 120, rows: 36))
  }

  /// What is put before a program so that it runs as an ordinary user.
  private static var launcher: [String] {
    get throws {
      guard let account = ServerAccount.current else { return [] }
      return [
        try Program.required("setpriv"), "--reuid", account.name, "--regid", account.name, "--init-groups", "--",
      ]
    }
  }

  /// The directory of the lab, once there is one.
  var directory: String? {
    Processes.names(in: place.path).first { $0.hasPrefix("deptop-lab-") }.map(place.file)
  }

  /// What lies where in it.
  func files() throws -> LabFiles {
    guard let directory else { throw TestFailure("there is no lab below \(place.path)") }
    return LabFiles(directory)
  }

  /// True while the caption says so.
  func isIn(_ phase: LabScene.Phase) -> Bool { Self.isIn(phase, dashboard.screen) }

  private static func isIn(_ phase: LabScene.Phase, _ screen: [String]) -> Bool {
    screen.contains { $0.hasPrefix("─ LAB ") && $0.contains(" \(phase.rawValue) ─") }
  }

  /// Waits until the caption says so.
  func wait(for phase: LabScene.Phase, within limit: Duration = .seconds(150)) throws {
    try dashboard.wait("the caption says \(phase.rawValue)", within: limit) { Self.isIn(phase, $0.screen) }
  }

  /// Everything that it has started, itself first.
  var family: [Int32] { Processes.family(of: dashboard.pid) }
}

/// What a lab must not leave behind: processes, namespaces, and its directory with the sockets in it.
struct LabTraces {
  private let processes: [Int32]
  private let namespaces: Set<String>
  private let place: TemporaryDirectory

  private static let kinds = ["net", "pid", "user", "mnt", "ipc"]

  /// Notes what there is of a demo that runs.
  init(of demo: LabDemo) {
    processes = demo.family
    place = demo.place
    let own = Set(Self.kinds.map { Processes.link("/proc/self/ns/\($0)") })
    namespaces = Set(
      processes.flatMap { pid in Self.kinds.map { Processes.link("/proc/\(pid)/ns/\($0)") } }.filter { !$0.isEmpty }
    ).subtracting(own)
  }

  /// How many processes and namespaces it had.
  var counts: (processes: Int, namespaces: Int) { (processes.count, namespaces.count) }

  /// What is left of it now.
  var left: [String] {
    processes.filter { Processes.parent(of: $0) != nil }.map { "process \($0): \(Processes.command(of: $0))" }
      + namespaces.filter { !Processes.inside($0).isEmpty } + Processes.names(in: place.path)
  }

  /// Waits until nothing is left.
  func waitUntilGone(within limit: Duration = .seconds(30)) async throws {
    do {
      try await waitUntil("nothing is left", within: limit) { left.isEmpty }
    } catch {
      throw TestFailure("\(error), but \(left.joined(separator: ", "))")
    }
  }
}
