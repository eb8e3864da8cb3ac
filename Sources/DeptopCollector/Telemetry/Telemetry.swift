internal import DeptopConfiguration
internal import DeptopModel

/// What clients say of their dependencies: reports by agents, OTLP, scrapes and JVMs alike.
struct Telemetry: Sendable {
  private(set) var dependencies: [DependencyID: DependencyTelemetry] = [:]
  /// Dependencies that are known by a client's word alone, by what it says of its own sockets.
  private(set) var endpoints: [Claim: DependencyID] = [:]
  private var told: [SourceID: Set<Place>] = [:]
  private var configured: Names

  /// That a user's connections to an endpoint belong to a dependency; nobody speaks for another user but root.
  struct Claim: Sendable, Hashable {
    var endpoint: SocketAddress
    var uid: UInt32
  }

  /// One client's place in what is known.
  struct Place: Sendable, Hashable {
    var dependency: DependencyID
    var key: ClientKey
  }

  init(settings: Settings) {
    configured = Names(settings)
  }

  /// Takes everything that one source says now; what it said before and leaves out is no longer known.
  mutating func record(_ observations: [ClientObservation], from source: SourceID, at now: WallTime) {
    var places: Set<Place> = []
    for observation in observations {
      guard let id = configured.id(of: observation.report) else { continue }
      dependencies[id, default: DependencyTelemetry()].record(observation, from: source, at: now)
      if let endpoint = observation.report.endpoint, let uid = observation.client.uid, !configured.isConfigured(id) {
        endpoints[Claim(endpoint: endpoint, uid: uid)] = id
      }
      places.insert(Place(dependency: id, key: ClientKey(source: source, client: observation.client.name)))
    }
    remove((told[source] ?? []).subtracting(places))
    told[source] = places.isEmpty ? nil : places
  }

  /// The reported dependency that a socket belongs to, by the word of its own user or of root.
  func dependency(of sample: SocketSample) -> DependencyID? {
    guard !endpoints.isEmpty else { return nil }
    return endpoints[Claim(endpoint: sample.remote, uid: sample.uid)]
      ?? endpoints[Claim(endpoint: sample.remote, uid: 0)]
  }

  mutating func forget(_ source: SourceID) {
    remove(told.removeValue(forKey: source) ?? [])
  }

  /// Keeps what still belongs to the same dependency under new settings.
  mutating func adopt(_ settings: Settings) {
    configured = Names(settings)
    for (id, telemetry) in dependencies {
      let moved = telemetry.clients.filter { configured.id(of: $0.history.report) != id }.map(\.key)
      remove(Set(moved.map { Place(dependency: id, key: $0) }))
    }
  }

  private mutating func remove(_ places: Set<Place>) {
    var emptied: Set<DependencyID> = []
    for place in places {
      dependencies[place.dependency]?.remove(place.key)
      guard dependencies[place.dependency]?.clients.isEmpty == true else { continue }
      dependencies[place.dependency] = nil
      emptied.insert(place.dependency)
    }
    if !emptied.isEmpty { endpoints = endpoints.filter { !emptied.contains($0.value) } }
  }
}

extension Telemetry {
  /// Finds the dependency that a report is about: a configured one by its name, then by its endpoint, else the one of
  /// the name or the endpoint that the report gives.
  fileprivate struct Names: Sendable {
    private var ids: Set<DependencyID>
    private var byEndpoint: [String: DependencyID?]

    init(_ settings: Settings) {
      ids = Set(settings.dependencies.map(\.id))
      byEndpoint = Dictionary(
        settings.dependencies.map { ("\($0.host):\($0.port)", $0.id) }, uniquingKeysWith: { _, _ in nil })
    }

    func isConfigured(_ id: DependencyID) -> Bool { ids.contains(id) }

    func id(of report: ClientReport) -> DependencyID? {
      if let name = report.name {
        let id = DependencyID(rawValue: name)
        if ids.contains(id) { return id }
      }
      if let host = report.host, let port = report.port, case .some(.some(let id)) = byEndpoint["\(host):\(port)"] {
        return id
      }
      return report.title.map { DependencyID(rawValue: $0) }
    }
  }
}

extension ClientReport {
  /// Its name, else its endpoint; nil when it has neither.
  var title: String? {
    if let name { return name }
    guard let host else { return nil }
    guard let port else { return host }
    return IPAddress(host).map { SocketAddress($0, port: port).description } ?? "\(host):\(port)"
  }

  /// Its address and port; nil when its host is a name.
  var endpoint: SocketAddress? {
    guard let host, let port else { return nil }
    let address = host == "localhost" ? IPAddress("127.0.0.1") : IPAddress(host)
    return address.map { SocketAddress($0, port: port) }
  }
}
