internal import DeptopModel

/// The last two minutes of one reading, as the peaks of ten intervals that start at fixed times.
///
/// Fixed intervals keep the picture still: from frame to frame only the newest column changes.
package struct Trend: Sendable, Hashable {
  /// Columns of the picture.
  static let columns = 10
  /// Seconds that one column stands for.
  static let secondsPerColumn = 12.0

  /// Oldest first; nil where nothing was read.
  package private(set) var peaks: [Double?] = []
  private var newest: Int?

  /// Takes one reading; nil when there is none.
  ///
  /// A moment before the newest interval is ignored.
  mutating func record(_ value: Double?, at time: WallTime) {
    let interval = Int((time.secondsSinceEpoch / Self.secondsPerColumn).rounded(.down))
    guard let last = newest else {
      (newest, peaks) = (interval, [value])
      return
    }
    guard interval >= last else { return }
    if interval == last {
      let index = peaks.count - 1
      peaks[index] = peaks[index].flatMap { peak in value.map { max(peak, $0) } ?? peak } ?? value
      return
    }
    let missed = min(interval - last - 1, Self.columns)
    peaks.append(contentsOf: Array(repeating: nil, count: missed))
    peaks.append(value)
    peaks.removeFirst(max(0, peaks.count - Self.columns))
    newest = interval
  }
}
