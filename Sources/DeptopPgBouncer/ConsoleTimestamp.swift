internal import DeptopModel

extension WallTime {
  /// Reads `2026-11-22 17:42:33 UTC`, as the console writes moments; one second of resolution.
  ///
  /// PgBouncer writes its own local time and the zone's abbreviation. Abbreviations are ambiguous, so that
  /// every zone but UTC is nil.
  init?(consoleText text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 3, parts[2] == "UTC" || parts[2] == "GMT" else { return nil }
    let date = parts[0].split(separator: "-").compactMap { Int($0) }
    let time = parts[1].split(separator: ":").compactMap { Int($0) }
    guard date.count == 3, time.count == 3, (1...12).contains(date[1]), (1...31).contains(date[2]),
      (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2])
    else { return nil }
    let days = daysSinceEpoch(year: date[0], month: date[1], day: date[2])
    self.init(secondsSinceEpoch: Double(days * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]))
  }
}

/// Days from 1970-01-01 in the Gregorian calendar, for years after 0.
///
/// Counts from the first of March, so that the leap day is the last of its year.
private func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
  let shifted = month > 2 ? year : year - 1
  let monthFromMarch = (month + 9) % 12
  let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
  return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
}
