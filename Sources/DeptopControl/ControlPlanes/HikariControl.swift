package import DeptopConfiguration
internal import DeptopJVM
package import DeptopModel
internal import Synchronization

/// Drains the HikariCP pools of one JVM by `softEvictConnections`, through its Jolokia agent.
///
/// It evicts every connection of a pool: idle ones at once, those in use when they are returned. `suspendPool` is
/// never invoked: it makes callers wait without any limit, and no reading tells that a pool is suspended.
package final class HikariControl: ControlPlane {
  /// A pool of this JVM, by the dependency that it is.
  private let pools: [DependencyID: String]
  private let settings: JolokiaSettings
  private let client: JolokiaClient
  /// When the JVM's own cache has surely lost the addresses that a prepared plan leaves, as far as its default holds.
  private let cacheEnds = Mutex<[DependencyID: WallTime]>([:])

  /// A control plane for one agent and the dependencies that refer to it; opens nothing yet.
  package init(settings: JolokiaSettings, dependencies: [DependencySettings]) {
    self.settings = settings
    pools = Dictionary(
      dependencies.compactMap { dependency in
        guard let entry = dependency.jolokia, entry.instance == settings.name else { return nil }
        return (dependency.id, entry.pool)
      }, uniquingKeysWith: { first, _ in first })
    client = JolokiaClient(settings: settings)
  }

  /// One control plane for each Jolokia agent in the settings.
  package static func instances(in settings: Settings) -> [any ControlPlane] {
    settings.jolokias.map { HikariControl(settings: $0, dependencies: settings.dependencies) }
  }

  package var dependencies: [DependencyID] { pools.keys.sorted() }

  package func offers(for detail: DependencyDetail) -> [ActionOffer] {
    let reason = reasonAgainst(detail.dependency)
    return ActionVerb.native.map { verb in
      ActionOffer(verb: verb, unavailable: Self.reasonAgainst(verb) ?? reason)
    }
  }

  package func prepare(
    _ request: PlanRequest, for detail: DependencyDetail
  ) async throws(ControlError) -> Preparation {
    let name = try pool(of: request.dependency)
    if let reason = Self.reasonAgainst(request.verb) { throw .refused(reason) }
    if let client = request.client, client != settings.name {
      throw .refused("\"\(client)\" is another client: this pool is in \"\(settings.name)\"")
    }
    if request.scope == .idle {
      throw .refused(
        "HikariCP cannot retire idle connections alone: softEvictConnections marks those in use as well")
    }
    let (report, pool) = try await read(name, with: client)
    let outlook = try EvictionOutlook(
      of: pool, pid: report.pid, detail: detail, settings: settings, request: request)
    cacheEnds.withLock { $0[request.dependency] = outlook.cacheEnd }
    return outlook.preparation()
  }

  package func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle? {
    guard let end = cacheEnds.withLock({ $0[plan.request.dependency] }) else { return nil }
    let remaining = end - .now()
    guard remaining > .zero else { return nil }
    return Obstacle(
      remaining: remaining,
      reason: "the JVM's DNS cache may hold the old addresses for another \(Int(remaining.seconds.rounded(.up))) s")
  }

  package func execute(_ plan: Plan) async throws(ControlError) -> String {
    let name = try pool(of: plan.request.dependency)
    // A connection of its own: nothing that waits on the other one can delay it.
    let client = JolokiaClient(settings: settings)
    let (_, pool) = try await read(name, with: client)
    do throws(JVMError) {
      _ = try await client.ask(.execute(mbean: pool.objectName, operation: "softEvictConnections"))
    } catch {
      let doubt = error.isUncertain ? "; whether it was carried out is not known" : ""
      throw .failed("softEvictConnections of pool \"\(name)\": jolokia at \(error)\(doubt)")
    }
    return "invoked softEvictConnections of pool \"\(name)\" by jolokia at \(client.place)"
  }

  /// The most that can be left of the plan's connections: the pool counts its connections and lists none.
  package func remaining(of plan: Plan) async throws(ControlError) -> Remaining {
    let name = try pool(of: plan.request.dependency)
    let (_, pool) = try await read(name, with: client)
    let note =
      "the pool has \(pool.active) in use and \(pool.idle) idle, old and new ones together: only the kernel's table "
      + "tells them apart"
    return Remaining(
      connections: min(plan.targets.count, pool.total), inUse: min(plan.targets.count, pool.active), note: note)
  }
}

extension HikariControl {
  private func pool(of dependency: DependencyID) throws(ControlError) -> String {
    guard let pool = pools[dependency] else {
      throw .refused("no pool of jolokia \"\(settings.name)\" is configured for \(dependency)")
    }
    return pool
  }

  private func read(
    _ name: String, with client: JolokiaClient
  ) async throws(ControlError) -> (HikariReport, HikariPool) {
    let report: HikariReport
    do throws(JVMError) {
      report = try await client.hikariPools()
    } catch {
      throw .failed("jolokia at \(error)")
    }
    if let pool = report.pool(name) { return (report, pool) }
    if let reason = report.unreadable[name] {
      throw .failed("pool \"\(name)\" cannot be read from jolokia at \(client.place): \(reason)")
    }
    throw .refused("jolokia at \(client.place) has no HikariCP pool \"\(name)\"")
  }

  /// Why a verb is never possible here; nil when it may be.
  private static func reasonAgainst(_ verb: ActionVerb) -> String? {
    switch verb {
    case .drain: nil
    case .resolve:
      "nothing makes a JVM forget its DNS cache: an answer is kept 30 s by default, and for how long here cannot be "
        + "read; drain replaces the connections after that"
    case .breaker: "HikariCP has no circuit breaker"
    case .repair: "sockets are repaired by deptop-helper, not by HikariCP"
    }
  }

  /// Why nothing can be done for a dependency as it is read now; nil when something can.
  private func reasonAgainst(_ dependency: Dependency) -> String? {
    let source = SourceID.jolokia(settings.name)
    guard let name = pools[dependency.id] else { return "no Jolokia agent is configured for it" }
    if let silent = dependency.silentSources.first(where: { $0.source == source }) {
      return "jolokia \"\(settings.name)\" does not answer: \(silent.reason)"
    }
    guard dependency.pools.contains(where: { $0.source == source }) else {
      return "jolokia \"\(settings.name)\" has not reported pool \"\(name)\""
    }
    return nil
  }
}
