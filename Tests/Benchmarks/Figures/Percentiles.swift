/// Measured values of one kind, ascending.
package struct Percentiles: Sendable, Hashable {
  private let sorted: [Double]

  package init(_ values: some Sequence<Double>) {
    sorted = values.sorted()
  }

  package var count: Int { sorted.count }
  package var smallest: Double? { sorted.first }
  package var largest: Double? { sorted.last }

  /// The smallest value that at least this share of all values, 0…1, does not exceed; nil without values.
  package func value(at share: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let rank = Int((share * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }

  /// The middle value, between the two middle ones when their number is even; nil without values.
  package var median: Double? {
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

/// Divides where a quotient says something: nil when a side is missing or the divisor is not above zero.
package func ratio(_ value: Double?, to other: Double?) -> Double? {
  guard let value, let other, other > 0 else { return nil }
  return value / other
}
