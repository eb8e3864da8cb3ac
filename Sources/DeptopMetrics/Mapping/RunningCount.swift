internal import DeptopModel

/// A count that only grows, whatever its sender does.
struct RunningCount {
  /// What was counted before the sender last began anew, and all deltas.
  private var base = 0.0
  private var current = 0.0

  /// Everything counted so far.
  var total: Double { base + current }

  /// Takes the next value; a smaller cumulative one means that the sender began anew.
  mutating func take(_ value: Double, _ temporality: Temporality, restarted: Bool) {
    guard temporality == .cumulative else {
      base += value
      return
    }
    if restarted || value < current { base += current }
    current = value
  }
}

/// A distribution that only grows, whatever its sender does.
struct RunningDistribution {
  private var base: Distribution?
  private var current: Distribution?

  /// Everything counted so far; nil before the first value.
  var total: Distribution? {
    guard var total = base else { return current }
    if let current, !total.add(current) { return current }
    return total
  }

  /// Takes the next value; one that is not a later state of the one before means that the sender began anew.
  ///
  /// What was counted in another form is given up: no sum of the two exists.
  mutating func take(_ value: Distribution, _ temporality: Temporality, restarted: Bool) {
    guard temporality == .cumulative else {
      if base?.add(value) != true { base = value }
      return
    }
    if let current, restarted || value.subtracting(current) == nil {
      if base?.add(current) != true { base = current }
    }
    current = value
  }
}

extension Distribution {
  /// Adds another distribution's counts; false, without a change, when forms differ or 64 bits do not hold the sum.
  mutating func add(_ other: Distribution) -> Bool {
    !count.addingReportingOverflow(other.count).overflow && merge(other)
  }
}
