package import DeptopModel

/// Turns moments into the time of day at the reader's place.
package struct LocalClock: Sendable, Hashable {
  /// Seconds that local time is ahead of UTC.
  package var offsetSeconds: Int

  package init(offsetSeconds: Int = 0) {
    self.offsetSeconds = offsetSeconds
  }

  /// `14:03:22`.
  package func time(_ time: WallTime) -> String {
    let second = secondsOfDay(time)
    return "\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))"
  }

  /// `14:03`.
  package func shortTime(_ time: WallTime) -> String { String(self.time(time).dropLast(3)) }

  /// `2026-11-23 14:03:22`.
  package func dateAndTime(_ time: WallTime) -> String {
    let (year, month, day) = Self.civil(fromDays: days(time))
    return "\(year)-\(twoDigits(month))-\(twoDigits(day)) \(self.time(time))"
  }

  /// The time of day of a moment today, date and time of any other.
  package func moment(_ time: WallTime, now: WallTime) -> String {
    days(time) == days(now) ? self.time(time) : dateAndTime(time)
  }

  private func localSeconds(_ time: WallTime) -> Int {
    Int(time.secondsSinceEpoch.clamped(to: -1e14...1e14).rounded(.down)) + offsetSeconds
  }

  private func secondsOfDay(_ time: WallTime) -> Int {
    let second = localSeconds(time) % 86_400
    return second < 0 ? second + 86_400 : second
  }

  private func days(_ time: WallTime) -> Int { (localSeconds(time) - secondsOfDay(time)) / 86_400 }

  /// The Gregorian date of a day counted from 1970-01-01, by eras of 400 years that start on a 1st of March.
  private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

/// When something is due: `in 4s`, or `now`.
func due(_ time: WallTime, _ now: WallTime) -> String {
  time - now < .seconds(1) ? "now" : "in \((time - now).age)"
}
