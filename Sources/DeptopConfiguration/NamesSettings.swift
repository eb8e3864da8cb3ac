/// Names for addresses that nobody configured.
package struct NamesSettings: Sendable, Hashable {
  /// Whether resolvers are asked for the names of addresses; the hosts file is read in any case.
  package var isReverse = true
  package var interval: Duration = .seconds(30)

  package init() {}
}

extension NamesSettings {
  /// `sources.names` as YAML.
  var effectiveLines: [String] {
    [
      "  names:",
      "    reverse_lookup: \(isReverse)",
      "    interval_seconds: \(DecimalSeconds.text(interval))",
    ]
  }
}

extension SettingsReader {
  mutating func readNames(_ field: Field, into settings: inout NamesSettings) {
    guard !field.isNull, let section = section(field, keys: ["reverse_lookup", "interval_seconds"]) else { return }
    read("reverse_lookup", of: section, into: &settings.isReverse) { (field) throws(Mistake) in try field.boolean() }
    read("interval_seconds", of: section, into: &settings.interval) { (field) throws(Mistake) in
      try field.seconds(in: Limits.probeInterval)
    }
  }
}
