internal import DeptopJVM
internal import DeptopModel

extension EvictionOutlook {
  /// What the operator has to read before saying yes.
  var lines: [PlanLine] {
    let others = request.scope == .stale ? targets.count { !$0.isStale } : 0
    return [
      line("closes now", pool.idle > 0 ? "\(count(pool.idle, "idle connection")) of the pool, all at once" : nil),
      line("on return", activeText),
      line("replaces also", others > 0 ? "\(count(others, "healthy connection")) to addresses that are in DNS" : nil),
      line("waits", waitText),
      PlanLine("pace", "none: HikariCP marks all at once, and opens new ones up to its minimum by itself"),
      line("cannot", others > 0 ? "spare the healthy ones: softEvictConnections evicts every connection" : nil),
      PlanLine("cannot", "be aborted once invoked: what is marked closes when it is returned"),
      PlanLine("cannot", unlistedText),
      line("cannot", membershipText),
      line("cannot", hasName ? cacheText : nil),
      PlanLine("risk", riskText),
    ].compactMap { $0 }
  }

  private func line(_ label: String, _ text: String?) -> PlanLine? {
    text.map { PlanLine(label, $0) }
  }

  private var activeText: String? {
    guard pool.active > 0 else { return nil }
    return "\(count(pool.active, "connection")) in use; waits up to \(whole(drainTimeout)) s for each: HikariCP before "
      + "6.0 closes it only when it is borrowed next, later ones when it is returned"
  }

  private var waitText: String? {
    guard let cacheEnd else { return nil }
    let remaining = cacheEnd - .now()
    guard remaining > .zero else { return nil }
    return "\(whole(remaining)) s first: the JVM's DNS cache may hold the old addresses for that long"
  }

  private var unlistedText: String {
    "tell which connections are in use: HikariCP counts them and lists none; here in use means that the kernel sees "
      + "a request without its reply"
  }

  private var membershipText: String? {
    if !membership.isByOwner {
      return "check whose the connections are: their owner is not known; all \(targets.count) to this dependency are "
        + "taken, because the pool holds as many"
    }
    guard targets.count != pool.total else { return nil }
    return "tell all of the pool's connections: it holds \(pool.total), and the JVM's process has \(targets.count)"
  }

  private var cacheText: String {
    "make the JVM look the name up: its DNS cache keeps an answer 30 s by default, for how long here cannot be read, "
      + "and no command empties it"
  }

  private var riskText: String {
    let destination = current.map { " to " + $0.sorted().map(\.description).joined(separator: ", ") } ?? ""
    let waiting = pool.pending == 0 ? "no caller waits now" : "\(count(pool.pending, "caller")) wait now"
    return "\(waiting); up to \(count(pool.total, "new login"))\(destination) follow"
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func whole(_ duration: Duration) -> Int { Int(duration.seconds.rounded(.up)) }
}
