package import DeptopModel

/// What the metrics of one ecosystem mean: one mapping file.
package struct MetricMapping: Sendable, Hashable {
  /// The mapping's own name, such as `hikaricp`.
  package var name: String
  /// What the dependencies speak; nil when no label and no constant says so.
  package var kind: ServiceKind?
  /// Labels that say what a dependency speaks; the first that is present counts before ``kind``.
  package var kindLabels: [String]
  package var dependency: DependencyLabels
  package var client: ClientLabels
  /// In the order of the file; the first that fits a point is the one that is applied.
  package var rules: [MetricRule]

  package init(
    name: String, kind: ServiceKind? = nil, kindLabels: [String] = [], dependency: DependencyLabels = .init(),
    client: ClientLabels = .init(), rules: [MetricRule] = []
  ) {
    self.name = name
    self.kind = kind
    self.kindLabels = kindLabels
    self.dependency = dependency
    self.client = client
    self.rules = rules
  }
}

/// The labels that say which dependency a point is about; of each list the first that is present counts.
package struct DependencyLabels: Sendable, Hashable {
  /// Labels that hold a name.
  package var name: [String] = []
  /// Labels that hold a host name or an address.
  package var host: [String] = []
  package var port: [String] = []
  /// Labels that hold an endpoint in whatever form: `host:port`, a URL, a gRPC target; anything else is a name.
  package var address: [String] = []
  /// The name where no label says anything; nil means that such a point is not used.
  package var defaultName: String?

  package init(
    name: [String] = [], host: [String] = [], port: [String] = [], address: [String] = [], defaultName: String? = nil
  ) {
    self.name = name
    self.host = host
    self.port = port
    self.address = address
    self.defaultName = defaultName
  }
}

/// The labels and resource attributes that say which client a point is from.
package struct ClientLabels: Sendable, Hashable {
  /// OpenTelemetry's resource attributes.
  package static let standardNames = ["service.name"]
  package static let standardInstances = ["service.instance.id", "host.name"]

  package var name: [String]
  package var instance: [String]

  package init(name: [String] = standardNames, instance: [String] = standardInstances) {
    self.name = name
    self.instance = instance
  }
}
