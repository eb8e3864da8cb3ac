import DeptopConfiguration
import DeptopModel
import Testing

@Suite struct ConfigurationFileTests {
  @Test(arguments: [
    "", "\n", "# nothing but a comment\n", "---\n", "{}", "\u{FEFF}", "sources:\ndependencies:\naccess:\n",
  ])
  func `an empty configuration asks for the defaults`(text: String) throws {
    #expect(try ConfigurationText(text).load() == Settings())
  }

  @Test func `every key reaches its setting`() throws {
    let settings = try ConfigurationText.example.load()
    #expect(settings.tickInterval == .milliseconds(500))
    #expect(settings.stateDirectory == "/srv/deptop")
    #expect(settings.environment.label == "PROD")
    #expect(settings.environment.isProduction)
    #expect(settings.access.viewers == .everyone)
    #expect(settings.access.operators == .named(users: ["root", "1000"], groups: ["deptop"]))
    #expect(settings.kernel.interval == .seconds(2))
    #expect(settings.kernel.timeout == .milliseconds(1500))
    #expect(settings.dns.resolvers == ["127.0.0.77:53", "::1", "[2001:db8::53]:5353"])
    #expect(settings.dns.minimumInterval == .seconds(7))
    #expect(settings.dns.timeout == .seconds(3))
    #expect(!settings.names.isReverse)
    #expect(settings.names.interval == .seconds(45))
    #expect(settings.probe.interval == .seconds(60))
    #expect(settings.probe.timeout == .milliseconds(250))
  }

  @Test func `every key of a PgBouncer reaches its setting and defaults can be merged`() throws {
    let pgbouncers = try ConfigurationText.example.load().pgbouncers
    var main = PgBouncerSettings(name: "main")
    main.host = "/run/postgresql"
    main.port = 6433
    main.user = "stats user"
    main.password = Secret("s3cret")
    main.interval = .seconds(5)
    main.timeout = .seconds(4)
    main.drainTimeout = .seconds(90)
    var second = main
    second.name = "second"
    second.host = "pgb.internal"
    #expect(pgbouncers == [main, second])
  }

  @Test func `every key of a dependency reaches its setting`() throws {
    var orders = DependencySettings(name: "orders-db", host: "orders-db.internal", port: 5432)
    orders.kind = "postgres"
    orders.pgbouncer = PgBouncerDatabase(instance: "main", database: "no")
    var ledger = DependencySettings(name: "ledger", host: "2001:db8::1", port: 443)
    ledger.isProbed = false
    ledger.path.idleTimeout = .seconds(350)
    ledger.path.mtu = 1400
    ledger.path.isSizeProbed = false
    var stock = DependencySettings(name: "stock-db", host: "stock-db", port: 5432)
    stock.jolokia = JolokiaPool(instance: "orders", pool: "main (a)")
    var payments = DependencySettings(name: "payments", host: "pay", port: 443)
    payments.actuator = ActuatorBreaker(instance: "orders", breaker: "pay")
    #expect(try ConfigurationText.example.load().dependencies == [orders, stock, payments, ledger])
  }

  @Test(arguments: [
    ("yes", true), ("On", true), ("TRUE", true), ("true", true), ("no", false), ("Off", false), ("FALSE", false),
  ])
  func `booleans of YAML 1.1 are booleans`(word: String, value: Bool) throws {
    let settings = try ConfigurationText("environment: {production: \(word)}").load()
    #expect(settings.environment.isProduction == value)
  }

  @Test(arguments: [
    ("1", Duration.seconds(1)), ("0.1", .milliseconds(100)), ("0.100", .milliseconds(100)), ("60", .seconds(60)),
    ("1.000000000000000001", Duration(secondsComponent: 1, attosecondsComponent: 1)),
  ])
  func `seconds are decimal and exact`(text: String, duration: Duration) throws {
    #expect(try ConfigurationText("tick_interval_seconds: \(text)").load().tickInterval == duration)
  }

  @Test func `access may be given to nobody`() throws {
    let settings = try ConfigurationText("access: {operators: {}, viewers: {groups: [sre]}}").load()
    #expect(settings.access.operators == .named(users: [], groups: []))
    #expect(settings.access.viewers == .named(users: [], groups: ["sre"]))
  }

  @Test func `quotes make a word of a boolean`() throws {
    #expect(try ConfigurationText("environment: {label: 'no'}").load().environment.label == "no")
    #expect(try ConfigurationText("environment: {label: !!str no}").load().environment.label == "no")
  }

  @Test func `a key beside a merge wins over it`() throws {
    let text = """
      sources:
        kernel: &k {interval_seconds: 3, timeout_seconds: 4}
        probe: {interval_seconds: 9, <<: [*k]}
      """
    let settings = try ConfigurationText(text).load()
    #expect(settings.probe.interval == .seconds(9))
    #expect(settings.probe.timeout == .seconds(4))
  }

  @Test(arguments: [
    "a.b:1", "10.0.0.1:65535", "[::1]:80", "localhost:80", "_srv.x:80", "db-1.internal.:5432", "3com.example:25",
  ])
  func `an endpoint is a host and a port`(endpoint: String) throws {
    let settings = try ConfigurationText("dependencies: [{name: a, endpoint: '\(endpoint)'}]").load()
    #expect(settings.dependencies.count == 1)
  }
}
