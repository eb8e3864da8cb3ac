internal import DeptopModel

/// The services, upstreams and names of a lab while nothing is broken.
package struct Fleet: Sendable, Hashable {
  package var upstreams: [UpstreamSpec]
  package var names: NameServerSpec
  package var clients: [ClientSpec]

  /// - Parameters:
  ///   - addressPrefix: What every upstream's address begins with, such as `10.90.0.`.
  ///   - nameServerPort: The name server's.
  ///   - directory: The lab's.
  package init(addressPrefix: String, nameServerPort: UInt16, directory: String) {
    let places = Place.all(addressPrefix)
    upstreams = places.map { place in
      UpstreamSpec(
        name: place.name, style: place.style, addresses: place.addresses, port: place.port, service: place.service,
        ledger: LabFiles(directory).ledger(place.name))
    }
    names = NameServerSpec(
      address: addressPrefix + "53", port: nameServerPort,
      records: places.map { NameRecord(name: $0.host, addresses: $0.current) })
    clients = Self.services.map { name, isInstrumented, calls in
      ClientSpec(
        name: name, ingestSocket: isInstrumented ? LabFiles(directory).ingestSocket : nil,
        resolver: addressPrefix + "53", resolverPort: nameServerPort,
        dependencies: calls.compactMap { call in places.first { $0.name == call.0 }.map { $0.call(rate: call.rate) } },
        ledger: LabFiles(directory).ledger(name))
    }
  }

  /// Requests a second by service and dependency: 223 in all.
  ///
  /// `reports` embeds no DeptopClient: what the kernel shows is all there is of it.
  private static let services: [(String, isInstrumented: Bool, [(String, rate: Double)])] = [
    ("orders", true, [("orders-db", 60), ("payments-api", 20)]),
    ("web", true, [("search-api", 40), ("session-cache", 25)]),
    ("web-2", true, [("search-api", 40), ("session-cache", 25)]),
    ("reports", false, [("orders-db", 8), ("session-cache", 5)]),
  ]
}

/// One upstream, as it is reached.
private struct Place {
  var name: String
  var kind: ServiceKind
  var style: WireStyle
  var addresses: [String]
  /// The addresses that its name has at first: without the standby.
  var current: [String]
  var port: UInt16
  var service = ServiceModel()

  var host: String { "\(name).lab" }

  static func all(_ prefix: String) -> [Place] {
    func addresses(_ ends: Int...) -> [String] { ends.map { "\(prefix)\($0)" } }
    return [
      Place(
        name: "orders-db", kind: "postgres", style: .lines, addresses: addresses(11, 12), current: addresses(11),
        port: 5432),
      Place(
        name: "payments-api", kind: "http", style: .http, addresses: addresses(21), current: addresses(21), port: 8080),
      Place(
        name: "search-api", kind: "http", style: .http, addresses: addresses(31, 32, 33),
        current: addresses(31, 32, 33), port: 8080),
      Place(
        name: "session-cache", kind: "redis", style: .lines, addresses: addresses(41), current: addresses(41),
        port: 6379, service: .quick),
    ]
  }

  func call(rate: Double) -> CallSpec {
    var call = CallSpec(
      dependency: name, kind: kind.rawValue, host: host, port: port, style: style, rate: rate)
    call.pool.max = 10
    call.pool.minimum = 4
    // Well below the 30 s for which the way to the cache keeps a silent connection.
    if name == "session-cache" { call.pool.keepalive = 10 }
    // A payment that may have been made is not asked for again.
    if name == "payments-api" { call.retry.repeatsSent = false }
    return call
  }
}

extension ServiceModel {
  /// A cache's: 1 ms.
  fileprivate static var quick: ServiceModel {
    var model = ServiceModel()
    model.serviceTime = 0.001
    return model
  }
}
