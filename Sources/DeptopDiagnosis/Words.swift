internal import DeptopModel

extension Duration {
  /// For a sentence: `250 µs`, `800 ms`, `4.2 s`, `30 s`, `5 min`, `3 h`.
  var words: String {
    switch seconds {
    case ..<0.000_999_5: (seconds * 1e6).words + " µs"
    case ..<0.999_5: (seconds * 1e3).words + " ms"
    case ..<119.5: seconds.words + " s"
    case ..<7170: (seconds / 60).words + " min"
    default: (seconds / 3600).words + " h"
    }
  }
}

extension Double {
  /// For a sentence: one digit after the point below 10, none above.
  var words: String {
    guard magnitude < 1e15 else { return "\(self)" }
    guard magnitude < 9.95 else { return "\(Int(rounded()))" }
    let tenths = (self * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
  }

  /// A ratio for a sentence: `43 %`, `4.5 %`.
  var percent: String { (self * 100).words + " %" }
}

extension Int {
  /// `1 caller`, `14 callers`: the number and what is counted.
  func of(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}
