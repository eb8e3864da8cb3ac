package import DeptopModel

/// The HikariCP pools of one JVM at one moment.
package struct HikariReport: Sendable, Hashable {
  /// Ascending by name.
  package var pools: [HikariPool]
  /// Pools that are registered and could not be read, with the reason.
  package var unreadable: [String: String]
  /// The JVM's own process id, in its own namespace; nil when it does not tell.
  package var pid: Int32?
  /// When the JVM started; nil when it does not tell.
  package var startedAt: WallTime?

  package func pool(_ name: String) -> HikariPool? {
    pools.first { $0.name == name }
  }
}

extension JolokiaClient {
  /// Pools that are read of one JVM.
  private static let poolLimit = 200

  /// Finds and reads every pool that is registered as a bean.
  ///
  /// - Throws: ``JVMError`` when the agent does not answer, or refuses to search.
  package func hikariPools() async throws(JVMError) -> HikariReport {
    let start = ContinuousClock.now
    let runtime = JolokiaRequest.read(mbean: "java.lang:type=Runtime", attributes: ["Name", "StartTime"])
    let answers = try await ask([.search(pattern: HikariBean.pattern), runtime])
    guard let names = try answers[0].get().texts else {
      throw JVMError(kind: .malformed, place: place, sentence: "it answers a search by something else than names")
    }
    let beans = names.compactMap { HikariBean($0) }
    let pools = beans.filter { $0.kind == .pool }.sorted { $0.pool < $1.pool }.prefix(Self.poolLimit)
    let configurations = Dictionary(
      beans.filter { $0.kind == .configuration }.map { ($0.pool, $0) }, uniquingKeysWith: { first, _ in first })
    let requests = pools.flatMap { pool -> [JolokiaRequest] in
      let configuration = configurations[pool.pool].map {
        JolokiaRequest.read(mbean: $0.objectName, attributes: HikariPool.configurationAttributes)
      }
      let read = JolokiaRequest.read(mbean: pool.objectName, attributes: HikariPool.poolAttributes)
      return [read] + (configuration.map { [$0] } ?? [])
    }
    let values = try await ask(requests, within: timeLeft(since: start))
    var report = HikariReport(Dictionary(zip(requests, values), uniquingKeysWith: { $1 }), Array(pools), configurations)
    // A policy may hide this bean: what is not told is not known.
    if case .success(let value) = answers[1] { report.take(runtime: value) }
    return report
  }
}

extension HikariReport {
  fileprivate init(
    _ answers: [JolokiaRequest: Result<JolokiaValue, JVMError>], _ beans: [HikariBean],
    _ configurations: [String: HikariBean]
  ) {
    pools = []
    unreadable = [:]
    for bean in beans {
      let configuration = configurations[bean.pool].flatMap {
        try? answers[.read(mbean: $0.objectName, attributes: HikariPool.configurationAttributes)]?.get()
      }  // Without its configuration a pool has no maximum and no policy: both are then unknown.
      switch answers[.read(mbean: bean.objectName, attributes: HikariPool.poolAttributes)] {
      case .success(let value):
        if let pool = HikariPool(bean, value, configuration: configuration) {
          pools.append(pool)
        } else {
          unreadable[bean.pool] = "its bean has no connection counts"
        }
      case .failure(let error): unreadable[bean.pool] = error.sentence
      case nil: unreadable[bean.pool] = "it was not answered"
      }
    }
  }

  /// Takes `4711@host` and the start in milliseconds (`java.lang.management.RuntimeMXBean`).
  fileprivate mutating func take(runtime value: JolokiaValue) {
    let name = value["Name"]?.text ?? ""
    if let at = name.firstIndex(of: "@") { pid = Int32(name[..<at]).flatMap { $0 > 0 ? $0 : nil } }
    if let started = value["StartTime"]?.wholeNumber, started > 0 {
      startedAt = WallTime(secondsSinceEpoch: Double(started) / 1000)
    }
  }
}
