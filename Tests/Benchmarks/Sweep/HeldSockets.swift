internal import DeptopTestSupport
internal import Glibc

/// Connections on loopback, held by as many processes as the limit of open files asks for.
struct HeldSockets {
  /// Listeners of one process, and descriptors that it needs besides.
  private static let ports = 100
  private static let spare = 256

  private let holders: [Companion]

  /// Has so many sockets opened, two for each connection.
  init(_ count: Int) throws(BenchmarkFailure) {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let files = Int(clamping: limit.rlim_max)
    let each = min(count, max(2, files - Self.ports - Self.spare))
    var holders: [Companion] = []
    var left = count
    while left > 0 {
      let holder = try Companion([
        BuiltProgram.path("deptop-bench"), "hold", "--sockets", "\(min(left, each))", "--ports", "\(Self.ports)",
      ])
      try holder.waitUntilReady(within: .seconds(120))
      holders.append(holder)
      left -= each
    }
    self.holders = holders
  }
}
