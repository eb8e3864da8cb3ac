/// Every kind of source; a test compares this list with the files in `Sources/`.
package enum SourceRegistry {
  package static let all: [any Source.Type] = [
    KernelSource.self, DNSSource.self, NamesSource.self, PgBouncerSource.self, ProbeSource.self,
    JolokiaSource.self, ActuatorSource.self, PrometheusSource.self,
  ]
}
