internal import DeptopModel

extension Dependency {
  /// Callers that wait for a connection, at pools that hand any out.
  var callersWaiting: Int {
    pools.reduce(0) { sum, pool in
      pool.value.isPaused || pool.value.isDisabled ? sum : sum.addingSaturated(max(0, pool.value.pending ?? 0))
    }
  }

  /// How bad it is that connections are of no use: critical when they are half of all or more, or callers wait.
  func level(without useless: Int, of total: Int) -> Level {
    callersWaiting > 0 || useless >= total - min(total, useless) ? .critical : .warning
  }

  /// Callers that wait while connections are of no use; nil when none does.
  var waitingCallers: Evidence? {
    guard callersWaiting > 0, let source = pools.first(where: { ($0.value.pending ?? 0) > 0 })?.source else {
      return nil
    }
    return Evidence(reading: "callers waiting", value: "\(callersWaiting)", threshold: "0", source: source)
  }
}
