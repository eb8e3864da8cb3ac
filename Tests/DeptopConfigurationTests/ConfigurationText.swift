import DeptopConfiguration

/// A configuration and the files that it names, in memory.
struct ConfigurationText {
  static let path = "/etc/deptop.yaml"

  let text: String
  var mode: UInt32 = 0o640
  var files: [String: FileContents] = [:]

  init(_ text: String, mode: UInt32 = 0o640, files: [String: FileContents] = [:]) {
    self.text = text
    self.mode = mode
    self.files = files
  }

  func load() throws(ConfigurationError) -> Settings {
    var files = files
    files[Self.path] = FileContents(bytes: Array(text.utf8), mode: mode)
    let access = FileAccess { [files] (path, limit) throws(FileFailure) in
      guard let contents = files[path] else { throw .system(2) }
      guard contents.bytes.count <= limit else { throw .tooLarge(limit: limit) }
      return contents
    }
    return try ConfigurationFile.load(path: Self.path, access: access)
  }

  /// The description of the error that loading ends in; empty when there is none.
  var error: String {
    do throws(ConfigurationError) {
      _ = try load()
      return ""
    } catch {
      return error.description
    }
  }

  static let secret = FileContents(bytes: Array("s3cret\n".utf8), mode: 0o640)

  /// Every key that there is.
  static let example = ConfigurationText(
    """
    tick_interval_seconds: 0.5
    state_directory: /srv/deptop
    environment: {label: PROD, production: yes}
    access:
      viewers: everyone
      operators: {users: [root, 1000], groups: [deptop]}
    policy:
      reason_required: no
      forbidden: [breaker]
      rules:
        - {verbs: [drain, resolve], dependencies: [orders-db, "billing-*"], users: [alice], groups: [dba, 50]}
        - {users: [root]}
    actions: {per_hour: 3}
    ingest: {reporters: {users: [app], groups: [services]}, port: 4318}
    mappings: [/etc/deptop/mappings/own.yaml]
    sources:
      kernel: {interval_seconds: 2, timeout_seconds: 1.5}
      dns: {resolvers: ["127.0.0.77:53", "::1", "[2001:db8::53]:5353"], minimum_interval_seconds: 7, timeout_seconds: 3}
      names: {reverse_lookup: no, interval_seconds: 45}
      probe: {interval_seconds: 60, timeout_seconds: 0.25}
      pgbouncer:
        - &defaults
          name: main
          host: /run/postgresql
          port: 6433
          user: "stats user"
          password_file: /etc/deptop/pgb.secret
          interval_seconds: 5
          timeout_seconds: 4
          drain_timeout_seconds: 90
        - {<<: *defaults, name: second, host: pgb.internal}
      jolokia:
        - name: orders
          url: https://orders.internal:8778/jolokia/
          user: ops
          password_file: /etc/deptop/pgb.secret
          interval_seconds: 6
          timeout_seconds: 3.5
          drain_timeout_seconds: 45
      actuator:
        - {name: orders, url: "http://[::1]:8081/manage", user: ops, password_file: /etc/deptop/pgb.secret}
      prometheus:
        - {name: exporter, url: "http://127.0.0.1:9187/metrics", dependency: orders-db, interval_seconds: 15}
        - name: prom
          server: http://prometheus.internal:9090
          query: '{job="orders"}'
          user: ops
          password_file: /etc/deptop/pgb.secret
          timeout_seconds: 4
    dependencies:
      - {name: orders-db, kind: postgres, endpoint: "orders-db.internal:5432", pgbouncer: {instance: main, database: "no"}}
      - {name: stock-db, endpoint: "stock-db:5432", jolokia: {instance: orders, pool: "main (a)"}}
      - {name: payments, endpoint: "pay:443", actuator: {instance: orders, breaker: pay}}
      - {name: ledger, endpoint: "[2001:db8::1]:443", probe: off, path: {idle_timeout_seconds: 350, mtu: 1400, size_probe: no}}
    """, files: ["/etc/deptop/pgb.secret": secret, "/etc/deptop/mappings/own.yaml": mapping])

  /// A mapping of an operator's own.
  static let mapping = FileContents(
    bytes: Array(
      """
      mapping: own
      dependency: {name: pool}
      metrics:
        - {name: own_pool_busy, to: pool.active}
      """.utf8), mode: 0o644)
}
