/// Shares of a whole in proportion to weights, none above its limit.
///
/// What cannot be divided evenly goes to the earliest shares, so the result does not move when an unrelated share
/// changes place behind it. A weight of 0 or less gets nothing; what no share may take stays undistributed.
///
/// - Complexity: O(*n*²) in the number of shares.
func apportioned(_ whole: Int, weights: [Int], limits: [Int]) -> [Int] {
  var shares = Array(repeating: 0, count: weights.count)
  var left = max(0, whole)
  while left > 0 {
    let open = weights.indices.filter { weights[$0] > 0 && shares[$0] < limits[$0] }
    guard !open.isEmpty else { break }
    let total = open.reduce(0) { $0 + weights[$1] }
    let round = left
    for index in open {
      let part = min(round * weights[index] / total, limits[index] - shares[index])
      shares[index] += part
      left -= part
    }
    if left == round { giveSingly(&left, to: open, of: &shares, limits: limits) }
  }
  return shares
}

/// Hands out one each, for a remainder smaller than any share's part.
private func giveSingly(_ left: inout Int, to open: [Int], of shares: inout [Int], limits: [Int]) {
  for index in open where left > 0 && shares[index] < limits[index] {
    shares[index] += 1
    left -= 1
  }
}
