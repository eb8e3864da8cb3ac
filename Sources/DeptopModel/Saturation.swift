extension FixedWidthInteger {
  /// The sum, or the nearest value that fits: counts that others report may add up to more than there are bits for.
  package func addingSaturated(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    guard overflow else { return sum }
    return other < 0 ? .min : .max
  }
}
