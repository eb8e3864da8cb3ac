extension MappingResult {
  /// What was not understood, in sentences for the operator.
  package var remarks: [String] {
    var remarks: [String] = []
    if notUnderstood > 0 {
      let names = namesNotUnderstood.prefix(3).joined(separator: ", ")
      remarks.append("\(notUnderstood) points of other metrics (\(names)…)")
    }
    if rejectedCount > 0 {
      let reasons = rejected.sorted { $0.value > $1.value }.prefix(2).map { "\($0.value) × \($0.key)" }
      remarks.append("\(rejectedCount) points not usable: \(reasons.joined(separator: "; "))")
    }
    if evictedStreams > 0 { remarks.append("\(evictedStreams) series forgotten: too many") }
    return remarks
  }
}
