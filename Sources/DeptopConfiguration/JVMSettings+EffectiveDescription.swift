extension JolokiaSettings {
  /// One entry of `sources.jolokia` as YAML.
  var effectiveLines: [String] {
    jvmLines(name: name, url: url, user: user, password: password, interval: interval, timeout: timeout)
      + ["      drain_timeout_seconds: \(DecimalSeconds.text(drainTimeout))"]
  }
}

extension ActuatorSettings {
  /// One entry of `sources.actuator` as YAML.
  var effectiveLines: [String] {
    jvmLines(name: name, url: url, user: user, password: password, interval: interval, timeout: timeout)
  }
}

extension JolokiaPool {
  /// The value of a dependency's `jolokia` as YAML.
  var effectiveDescription: String {
    "{instance: \(YAMLText.scalar(instance)), pool: \(YAMLText.scalar(pool))}"
  }
}

extension ActuatorBreaker {
  /// The value of a dependency's `actuator` as YAML.
  var effectiveDescription: String {
    "{instance: \(YAMLText.scalar(instance)), breaker: \(YAMLText.scalar(breaker))}"
  }
}

private func jvmLines(
  name: String, url: String, user: String?, password: Secret?, interval: Duration, timeout: Duration
) -> [String] {
  [
    "    - name: \(YAMLText.scalar(name))",
    "      url: \(YAMLText.scalar(url))",
    user.map { "      user: \(YAMLText.scalar($0))" },
    // A comment, so that nobody loads the placeholder as a password.
    password.map { "      # password: \($0.description)" },
    "      interval_seconds: \(DecimalSeconds.text(interval))",
    "      timeout_seconds: \(DecimalSeconds.text(timeout))",
  ].compactMap(\.self)
}
