package import DeptopConfiguration

/// The mappings that come with deptop.
package enum BuiltInMappings {
  /// Their names and texts, in the order of their precedence.
  package static let files: [(name: String, bytes: [UInt8])] = [
    ("otel-db.yaml", PackageResources.otel_db_yaml),
    ("otel-http.yaml", PackageResources.otel_http_yaml),
    ("otel-rpc.yaml", PackageResources.otel_rpc_yaml),
    ("otel-dns.yaml", PackageResources.otel_dns_yaml),
    ("hikaricp-micrometer.yaml", PackageResources.hikaricp_micrometer_yaml),
    ("hikaricp.yaml", PackageResources.hikaricp_yaml),
    ("resilience4j.yaml", PackageResources.resilience4j_yaml),
    ("go-sql.yaml", PackageResources.go_sql_yaml),
    ("grpc-go.yaml", PackageResources.grpc_go_yaml),
    ("envoy.yaml", PackageResources.envoy_yaml),
    ("istio.yaml", PackageResources.istio_yaml),
    ("linkerd.yaml", PackageResources.linkerd_yaml),
    ("psycopg-pool.yaml", PackageResources.psycopg_pool_yaml),
    ("node.yaml", PackageResources.node_yaml),
    ("redis.yaml", PackageResources.redis_yaml),
    ("pgbouncer-exporter.yaml", PackageResources.pgbouncer_exporter_yaml),
    ("haproxy.yaml", PackageResources.haproxy_yaml),
  ]

  /// Reads all of them.
  ///
  /// - Throws: ``ConfigurationError`` naming the file, when deptop itself was built with a wrong one.
  package static func load() throws(ConfigurationError) -> [MetricMapping] {
    var mappings: [MetricMapping] = []
    for file in files { mappings.append(try MappingFile.parse(file.bytes, path: file.name)) }
    return mappings
  }
}
