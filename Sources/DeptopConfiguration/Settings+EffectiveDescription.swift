internal import DeptopModel

extension Settings {
  /// All settings in force as YAML that ``ConfigurationFile`` reads back as the same settings, without the passwords.
  package func effectiveDescription() -> String {
    var lines = ["tick_interval_seconds: \(DecimalSeconds.text(tickInterval))"]
    if let stateDirectory { lines.append("state_directory: \(YAMLText.scalar(stateDirectory))") }
    lines += ["environment:"]
    if let label = environment.label { lines.append("  label: \(YAMLText.scalar(label))") }
    lines += [
      "  production: \(environment.isProduction)",
      "access:",
      "  viewers: \(access.viewers.effectiveDescription)",
      "  operators: \(access.operators.effectiveDescription)",
    ]
    lines += policy.effectiveLines + ["actions:", "  per_hour: \(actions.perHour)"]
    lines += ingest.effectiveLines
    if !mappings.isEmpty { lines.append("mappings: \(YAMLText.list(mappings.map(\.path)))") }
    lines += sourceLines
    lines += dependencies.isEmpty ? ["dependencies: []"] : ["dependencies:"] + dependencies.flatMap(\.effectiveLines)
    return lines.joined(separator: "\n") + "\n"
  }

  private var sourceLines: [String] {
    let kernelLines = [
      "sources:",
      "  kernel:",
      "    interval_seconds: \(DecimalSeconds.text(kernel.interval))",
      "    timeout_seconds: \(DecimalSeconds.text(kernel.timeout))",
    ]
    let dnsLines = [
      "  dns:",
      "    resolvers: \(YAMLText.list(dns.resolvers))",
      "    minimum_interval_seconds: \(DecimalSeconds.text(dns.minimumInterval))",
      "    timeout_seconds: \(DecimalSeconds.text(dns.timeout))",
    ]
    let probeLines = [
      "  probe:",
      "    interval_seconds: \(DecimalSeconds.text(probe.interval))",
      "    timeout_seconds: \(DecimalSeconds.text(probe.timeout))",
    ]
    let pgbouncerLines =
      pgbouncers.isEmpty ? ["  pgbouncer: []"] : ["  pgbouncer:"] + pgbouncers.flatMap(\.effectiveLines)
    let prometheusLines =
      prometheuses.isEmpty ? ["  prometheus: []"] : ["  prometheus:"] + prometheuses.flatMap(\.effectiveLines)
    return kernelLines + dnsLines + names.effectiveLines + probeLines + pgbouncerLines + jvmLines + prometheusLines
  }

  private var jvmLines: [String] {
    (jolokias.isEmpty ? ["  jolokia: []"] : ["  jolokia:"] + jolokias.flatMap(\.effectiveLines))
      + (actuators.isEmpty ? ["  actuator: []"] : ["  actuator:"] + actuators.flatMap(\.effectiveLines))
  }
}

extension Principals {
  var effectiveDescription: String {
    switch self {
    case .everyone: "everyone"
    case .named(let users, let groups): "{users: \(YAMLText.list(users)), groups: \(YAMLText.list(groups))}"
    }
  }
}

extension PgBouncerSettings {
  fileprivate var effectiveLines: [String] {
    [
      "    - name: \(YAMLText.scalar(name))",
      "      host: \(YAMLText.scalar(host))",
      "      port: \(port)",
      "      user: \(YAMLText.scalar(user))",
      // A comment, so that nobody loads the placeholder as a password.
      password.map { "      # password: \($0.description)" },
      "      interval_seconds: \(DecimalSeconds.text(interval))",
      "      timeout_seconds: \(DecimalSeconds.text(timeout))",
      "      drain_timeout_seconds: \(DecimalSeconds.text(drainTimeout))",
    ].compactMap(\.self)
  }
}

extension DependencySettings {
  fileprivate var effectiveLines: [String] {
    var lines = ["  - name: \(YAMLText.scalar(name))"]
    if let kind { lines.append("    kind: \(YAMLText.scalar(kind.rawValue))") }
    lines.append("    endpoint: \(YAMLText.scalar(Endpoint(host: host, port: port).description))")
    if let pgbouncer {
      let instance = YAMLText.scalar(pgbouncer.instance)
      lines.append("    pgbouncer: {instance: \(instance), database: \(YAMLText.scalar(pgbouncer.database))}")
    }
    if let jolokia { lines.append("    jolokia: \(jolokia.effectiveDescription)") }
    if let actuator { lines.append("    actuator: \(actuator.effectiveDescription)") }
    lines.append("    probe: \(isProbed)")
    lines.append("    path: \(path.effectiveDescription)")
    return lines
  }
}

extension PathSettings {
  fileprivate var effectiveDescription: String {
    let entries = [
      idleTimeout.map { "idle_timeout_seconds: \(DecimalSeconds.text($0))" }, mtu.map { "mtu: \($0)" },
      "size_probe: \(isSizeProbed)",
    ]
    return "{\(entries.compactMap(\.self).joined(separator: ", "))}"
  }
}

/// Text written as YAML.
enum YAMLText {
  static func list(_ texts: [String]) -> String { "[\(texts.map(scalar).joined(separator: ", "))]" }

  /// Plain where every reader of YAML takes it for text, else in double quotes.
  static func scalar(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  private static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, !reserved.contains(text.lowercased()) else { return false }
    return (isLetter(first) || first == UInt8(ascii: "/"))
      && text.utf8.allSatisfy { isLetter($0) || "0123456789._-/".utf8.contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      default: DisplayText.isHarmless(scalar) ? String(scalar) : escape(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
