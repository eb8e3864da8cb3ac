/// What `# TYPE` and `# UNIT` said about names.
struct MetricFamilies {
  /// The types of both formats.
  enum Kind: String {
    case counter, gauge, histogram, summary, untyped, unknown, info, stateset, gaugehistogram
  }

  /// What a sample is of its family.
  enum Role {
    case gauge, counter, untyped
    case bucket, sum, count, quantile
    /// When the family's counts began.
    case created
    /// A part of a kind of metric that is not read.
    case ignored
  }

  /// The family of a sample, and the sample's part in it.
  struct Membership {
    var family: String
    var role: Role
  }

  var kinds: [String: Kind] = [:]
  var units: [String: String] = [:]

  /// Finds the family of a sample's name.
  ///
  /// A name in `_bucket` with a label `le` makes a histogram known even where no type was given.
  mutating func membership(of name: String, hasBound: Bool) -> Membership {
    if let role = role(ofFamily: name) { return Membership(family: name, role: role) }
    for (suffix, part) in MetricFamilies.suffixes where name.utf8.count > suffix.utf8.count && name.hasSuffix(suffix) {
      let family = String(name.dropLast(suffix.utf8.count))
      if kinds[family] == nil, part == .bucket, hasBound { kinds[family] = .histogram }
      if let kind = kinds[family], let role = role(of: part, in: kind) {
        return Membership(family: family, role: role)
      }
    }
    return Membership(family: name, role: .untyped)
  }

  private enum Part { case bucket, sum, count, total, created, other }

  private static let suffixes: [(String, Part)] = [
    ("_bucket", .bucket), ("_sum", .sum), ("_count", .count), ("_total", .total), ("_created", .created),
    ("_info", .other), ("_gsum", .other), ("_gcount", .other),
  ]

  private func role(ofFamily name: String) -> Role? {
    switch kinds[name] {
    case .counter: .counter
    case .gauge, .stateset: .gauge
    case .summary: .quantile
    case .untyped, .unknown: .untyped
    case .histogram, .gaugehistogram, .info: .ignored
    case nil: nil
    }
  }

  private func role(of part: Part, in kind: Kind) -> Role? {
    switch (part, kind) {
    case (.bucket, .histogram): .bucket
    case (.sum, .histogram), (.sum, .summary): .sum
    case (.count, .histogram), (.count, .summary): .count
    case (.total, .counter): .counter
    case (.created, .counter), (.created, .histogram), (.created, .summary): .created
    case (.other, .info), (.other, .gaugehistogram), (.bucket, .gaugehistogram): .ignored
    default: nil
    }
  }
}
