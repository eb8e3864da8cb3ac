/// The configuration of the lab's collector.
enum CollectorText {
  /// - Parameter fleet: Its upstreams get their names.
  /// - Returns: YAML.
  static func configuration(of fleet: Fleet) -> String {
    let dependencies = fleet.upstreams.map { upstream in
      let way = upstream.name == "session-cache" ? ", path: {idle_timeout_seconds: 30}" : ""
      return "  - {name: \(upstream.name), endpoint: \"\(upstream.name).lab:\(upstream.port)\"\(way)}\n"
    }
    return """
      environment: {label: LAB, production: false}
      access: {operators: everyone}
      sources:
        dns: {resolvers: ["\(fleet.names.address):\(fleet.names.port)"], minimum_interval_seconds: 1}
        names: {reverse_lookup: false}
      dependencies:

      """ + dependencies.joined()
  }
}
