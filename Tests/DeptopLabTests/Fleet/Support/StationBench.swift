internal import DeptopModel
internal import NIOCore
internal import NIOPosix
internal import Synchronization

@testable internal import DeptopClient
@testable internal import DeptopLab

/// A station that calls a scripted upstream, with its ledger and what deptop would be told.
struct StationBench: Sendable {
  let station: CallStation
  let monitored: MonitoredDependency
  private let lines: LinesKept

  init(
    port: UInt16, host: String = "127.0.0.1", resolver: UInt16 = 9, _ change: (inout CallSpec) -> Void = { _ in }
  ) throws {
    var spec = CallSpec(dependency: "orders-db", kind: "lines", host: host, port: port, style: .lines, rate: 0)
    // Limits that a test which is about none of them does not reach, however busy the host is.
    (spec.pool.acquireTimeout, spec.limits.connect, spec.limits.read, spec.limits.deadline) = (60, 60, 60, 60)
    change(&spec)
    let lines = LinesKept()
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let server = try SocketAddress(ipAddress: "127.0.0.1", port: Int(resolver))
    monitored = MonitoredDependency(
      DependencyDescription(name: "orders-db", host: host, port: port), table: BucketTable())
    station = CallStation(
      spec, client: NameClient(server: server, loop: loop), ledger: FleetLedger { lines.append($0) },
      report: DependencyReport(monitored))
    self.lines = lines
  }

  var pool: ConnectionPool { station.pool }

  /// What is reported: the gauges as well.
  var report: ClientReport { monitored.report(gauges: pool.gauges) }

  var requests: [LedgerLine.RequestLine] {
    lines.all.compactMap { if case .request(let line) = $0 { line } else { nil } }
  }

  var attempts: [LedgerLine.AttemptLine] {
    lines.all.compactMap { if case .attempt(let line) = $0 { line } else { nil } }
  }

  /// Makes one request and answers its line.
  func call(_ id: String = "orders-1") async -> LedgerLine.RequestLine? {
    await station.call(id: id)
    return requests.first { $0.id == id }
  }

  /// Makes requests at the same time.
  func calls(_ count: Int, from first: Int = 1) async {
    await withDiscardingTaskGroup { group in
      for number in first..<(first + count) { group.addTask { await station.call(id: "orders-\(number)") } }
    }
  }

  func change(_ change: (inout CallSpec) -> Void) {
    var spec = station.spec
    change(&spec)
    station.change(to: spec)
  }
}

private final class LinesKept: Sendable {
  private let lines = Mutex<[LedgerLine]>([])

  var all: [LedgerLine] { lines.withLock { $0 } }
  func append(_ line: LedgerLine) { lines.withLock { $0.append(line) } }
}

/// Waits until something is so, at most 20 s.
func eventually(_ isSo: @Sendable () async -> Bool) async -> Bool {
  let deadline = LabClock.now + 20_000_000
  while !(await isSo()) {
    guard LabClock.now < deadline else { return false }
    // The wait is between two looks, not what the test counts on.
    try? await Task.sleep(nanoseconds: 1_000_000)
  }
  return true
}
