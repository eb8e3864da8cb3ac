package import DeptopScreen

extension Duration {
  /// The duration with one unit in at most five columns: `0.3ms`, `12ms`, `4.2s`, `41m`, `12h`, `58d`.
  ///
  /// Less than nothing is shown as nothing.
  package func text(_ glyphs: Glyphs) -> String {
    let seconds = self / .seconds(1)
    switch seconds {
    case ..<1e-9: return "0ms"
    case ..<99.5e-6: return decimal(seconds * 1e6) + String(glyphs.micro) + "s"
    case ..<0.9995: return decimal(seconds * 1e3) + "ms"
    default: return text(wholeFrom: seconds)
    }
  }

  /// How long ago something was, in whole seconds and larger units: `0s`, `41s`, `6m`, `12h`.
  package var age: String {
    let seconds = self / .seconds(1)
    return seconds < 60 ? "\(Int(max(0, seconds)))s" : text(wholeFrom: seconds)
  }

  /// The duration in its two largest units, for sentences: `41s`, `6m12s`, `2h05m`, `3d04h`.
  package var elapsed: String {
    let seconds = Int(max(0, min(self / .seconds(1), 1e12)))
    switch seconds {
    case ..<60: return "\(seconds)s"
    case ..<3600: return "\(seconds / 60)m\(twoDigits(seconds % 60))s"
    case ..<86_400: return "\(seconds / 3600)h\(twoDigits(seconds / 60 % 60))m"
    default: return "\(seconds / 86_400)d\(twoDigits(seconds / 3600 % 24))h"
    }
  }

  private func text(wholeFrom seconds: Double) -> String {
    switch seconds {
    case ..<99.5: decimal(seconds) + "s"
    case ..<5970: "\(Int((seconds / 60).rounded()))m"
    case ..<171_000: "\(Int((seconds / 3600).rounded()))h"
    case ..<8.64e11: "\(Int((seconds / 86_400).rounded()))d"
    default: "long"
    }
  }
}

extension Glyphs {
  /// The letter before the unit of a millionth.
  var micro: Character { ellipsis.isASCII ? "u" : "µ" }
  /// The sign before a lower bound.
  var atLeast: String { ellipsis.isASCII ? ">=" : "≥" }
  /// The sign before an upper bound.
  var atMost: String { ellipsis.isASCII ? "<=" : "≤" }
  /// The sign beside a factor.
  var times: String { ellipsis.isASCII ? "x" : "×" }
}

/// A number with one decimal below ten and none above.
func decimal(_ value: Double) -> String {
  guard value < 9.95 else { return "\(Int(min(value, 1e15).rounded()))" }
  let tenths = Int((value * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}

/// A number below a hundred with a leading zero.
func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
