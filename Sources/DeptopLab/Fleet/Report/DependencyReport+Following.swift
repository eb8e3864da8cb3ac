internal import DeptopClient

extension DependencyReport {
  /// Reports a station's gauges, and has it obey operators.
  func follow(_ station: CallStation) {
    if let breaker = station.spec.breaker { breakerIsNew(breaker) }
    monitored.setPoolGauges { [weak station] in station?.pool.gauges }
    monitored.onCommand(.drain, choosesConnections: true) { [weak station] command, progress in
      guard let station else { return .refused("the service ends") }
      return await station.drain(command, progress)
    }
    monitored.onCommand(.resolve) { [weak station] _, _ in
      guard let station else { return .refused("the service ends") }
      return await station.resolve()
    }
    monitored.onCommand(.breaker) { [weak station] command, _ in
      guard let station, let wanted = command.breaker else { return .refused("no state was given") }
      let reason = command.reason ?? "an operator set it"
      guard station.setBreaker(CircuitBreaker.State(wanted), reason: reason) else {
        return .refused("there is no breaker")
      }
      return .done()
    }
  }

  /// The spec has changed.
  func changed(to spec: CallSpec, isBreakerNew: Bool) {
    monitored.policyChanged(to: spec.policy)
    if isBreakerNew, let breaker = spec.breaker { breakerIsNew(breaker) }
  }

  private func breakerIsNew(_ spec: BreakerSpec) {
    monitored.breakerEntered(.closed, openWait: spec.isStuck ? nil : .seconds(spec.openFor))
  }
}

extension CallStation {
  /// Asks for the name's addresses anew, for the connections that are opened from now on.
  func resolve() async -> CommandEnd {
    names.flush()
    do throws(AttemptFailure) {
      let addresses = try await names.ask(spec.host, caching: spec.names, until: nil)
      return .done("\(spec.host) is " + addresses.joined(separator: ", "))
    } catch {
      return .failed(error.text)
    }
  }
}

extension ConnectionPool {
  /// The pool as it is now.
  var gauges: PoolGauges {
    let (call, now) = (call, LabClock.now)
    return look { state in
      let active = state.entries.values.count { $0.isActive }
      return PoolGauges(
        active: active, idle: state.entries.count - active, transitional: state.opening,
        pending: state.waiters.count, max: call.pool.max,
        oldestWait: state.waiters.first.map { .microseconds(now - $0.since) },
        connections: state.entries.values.filter(\.connection.isOpen).map { entry in
          HeldConnection(
            localAddress: entry.connection.localAddress, localPort: entry.connection.localPort,
            remoteAddress: entry.connection.remoteAddress, remotePort: entry.connection.remotePort,
            isActive: entry.isActive)
        })
    }
  }
}

extension CallSpec {
  /// What deptop is told that the client is configured to do.
  var policy: DependencyPolicy {
    var policy = DependencyPolicy()
    policy.deadline = limits.deadline.map { .seconds($0) }
    // What each layer knows of: its own attempts.
    policy.retries = retry.attempts - 1
    policy.retryBudget = retry.budget
    policy.acquireTimeout = pool.acquireTimeout.map { .seconds($0) }
    policy.connectTimeout = limits.connect.map { .seconds($0) }
    policy.readTimeout = limits.read.map { .seconds($0) }
    policy.maximumLifetime = pool.maximumLifetime.map { .seconds($0) }
    policy.idleTimeout = pool.idleTimeout.map { .seconds($0) }
    policy.keepalive = pool.keepalive.map { .seconds($0) }
    return policy
  }
}
