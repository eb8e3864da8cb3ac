internal import DeptopScreen

extension Glyphs {
  var isASCII: Bool { ellipsis.isASCII }
  /// The sign before an estimate.
  var about: String { isASCII ? "~" : "≈" }

  /// A range of durations, or the one that both ends are: `31–44s`, `31s`, `40s–2m05s`.
  func range(_ low: Duration, _ high: Duration) -> String {
    let (first, last) = (low.spoken(self), high.spoken(self))
    guard first != last else { return first }
    let dash = isASCII ? "-" : "–"
    let isAlike = first.last == "s" && last.last == "s" && (first + last).allSatisfy { $0.isNumber || $0 == "s" }
    return (isAlike ? String(first.dropLast()) : first) + dash + last
  }
}

extension Duration {
  /// How long something lasts, for sentences about silence: `400ms`, `41s`, `240s`, `12m04s`, `30m`, `2h`.
  ///
  /// Idle times and time limits of paths are spoken of in seconds: up to ten minutes they are not made into minutes.
  func spoken(_ glyphs: Glyphs) -> String {
    let seconds = self / .seconds(1)
    guard seconds >= 1 else { return text(glyphs) }
    let whole = Int(min(seconds, 1e12))
    if whole < 600 { return "\(whole)s" }
    if whole % 3600 == 0 { return "\(whole / 3600)h" }
    return whole < 3600 && whole % 60 == 0 ? "\(whole / 60)m" : elapsed
  }
}
