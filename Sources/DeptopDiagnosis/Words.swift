internal import DeptopModel

extension Duration {
  /// For the bounds of a path, which are set in seconds: `44 s`, `246 s`.
  var inSeconds: String { seconds.words + " s" }

  /// `31 s` when both are told alike, else `31 to 44 s`.
  static func inSeconds(_ shortest: Duration, to longest: Duration) -> String {
    shortest.inSeconds == longest.inSeconds
      ? longest.inSeconds : "\(shortest.seconds.words) to \(longest.inSeconds)"
  }

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

  /// `1 of 1 connection is`, `2 of 4 connections are`: a part of the connections, ready for what is said of it.
  func areConnections(of all: Int) -> String { "\(self) of \(all.of("connection")) \(self == 1 ? "is" : "are")" }
}

extension [IPAddress] {
  /// `10.0.3.7, 10.0.3.9`.
  var names: String { map(\.description).joined(separator: ", ") }
}
