package import DeptopConfiguration

/// The scenarios that come with the lab, in the order of the story.
package enum ScenarioLibrary {
  /// Reads them all.
  package static func all() throws(ConfigurationError) -> [Scenario] {
    var scenarios: [Scenario] = []
    for (name, bytes) in files { scenarios.append(try ScenarioFile.parse(bytes, path: name)) }
    return scenarios
  }

  /// Reads them all, and one more for each name that is a file's.
  ///
  /// - Parameter names: Names of scenarios, and paths: what has a slash or ends with `.yaml` is a path.
  /// - Returns: All scenarios, those of files last, and the names of those that are meant.
  /// - Throws: ``ConfigurationError`` for a file that is no scenario.
  package static func all(and names: [String]) throws(ConfigurationError) -> (scenarios: [Scenario], names: [String]) {
    var scenarios = try all()
    var meant: [String] = []
    for name in names {
      guard name.contains("/") || name.hasSuffix(".yaml") else {
        meant.append(name)
        continue
      }
      let scenario = try ScenarioFile.read(path: name)
      scenarios.append(scenario)
      meant.append(scenario.name)
    }
    return (scenarios, meant)
  }

  private static let files: [(String, [UInt8])] = [
    ("dns-failover.yaml", PackageResources.dns_failover_yaml),
    ("nat-silent.yaml", PackageResources.nat_silent_yaml),
    ("breaker-stuck.yaml", PackageResources.breaker_stuck_yaml),
    ("bad-address.yaml", PackageResources.bad_address_yaml),
    ("slow-upstream.yaml", PackageResources.slow_upstream_yaml),
    ("keepalive-ceremonial.yaml", PackageResources.keepalive_ceremonial_yaml),
    ("breaker-flapping.yaml", PackageResources.breaker_flapping_yaml),
    ("dns-cached.yaml", PackageResources.dns_cached_yaml),
    ("nat-reset.yaml", PackageResources.nat_reset_yaml),
    ("retries-synchronised.yaml", PackageResources.retries_synchronised_yaml),
    ("mtu-black-hole.yaml", PackageResources.mtu_black_hole_yaml),
    ("retries-stacked.yaml", PackageResources.retries_stacked_yaml),
    ("connection-leak.yaml", PackageResources.connection_leak_yaml),
    ("timeout-inversion.yaml", PackageResources.timeout_inversion_yaml),
    ("reconnect-herd.yaml", PackageResources.reconnect_herd_yaml),
  ]
}
