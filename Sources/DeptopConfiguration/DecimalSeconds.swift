/// Durations as decimal seconds, without the rounding of a binary fraction.
enum DecimalSeconds {
  private static let digits = 18

  /// Parses `30`, `0.5` or `-1`; nil for everything else, exponents and more than 18 decimals included.
  static func parse(_ text: String) -> Duration? {
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, (1...9).contains(whole.utf8.count), isDigits(whole),
      let seconds = Int64(whole)
    else { return nil }
    var attoseconds: Int64 = 0
    if parts.count == 2 {
      let fraction = parts[1]
      guard (1...digits).contains(fraction.utf8.count), isDigits(fraction),
        let value = Int64(fraction + String(repeating: "0", count: digits - fraction.utf8.count))
      else { return nil }
      attoseconds = value
    }
    let duration = Duration(secondsComponent: seconds, attosecondsComponent: attoseconds)
    return isNegative ? .zero - duration : duration
  }

  /// `0.5`: the shortest decimal number that ``parse(_:)`` reads back as this duration.
  static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
    var fraction = String(attoseconds.magnitude)
    fraction = String(repeating: "0", count: digits - fraction.utf8.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return "\(sign)\(seconds.magnitude)" + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  private static func isDigits(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
