/// Finds the word that somebody meant.
enum Suggestion {
  /// The known word nearest to a mistyped one; nil when none is near.
  static func nearest(to word: String, among known: [String]) -> String? {
    let folded = fold(word)
    if let same = known.first(where: { fold($0) == folded }) { return same }
    let reach = max(1, min(3, folded.count / 3))
    let near = known.map { (word: $0, distance: distance(folded, fold($0))) }.filter { $0.distance <= reach }
    if let best = near.min(by: { $0.distance < $1.distance }) { return best.word }
    let continued = known.filter { folded.count >= 3 && fold($0).starts(with: folded) }
    return continued.count == 1 ? continued.first : nil
  }

  private static func fold(_ word: String) -> [Unicode.Scalar] {
    // No known word is longer, so that a longer one cannot be near.
    word.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" }.prefix(64).map(\.self)
  }

  /// The number of scalars to insert, remove, replace or swap with a neighbour.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let isSame = left[row] == right[column]
        var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
