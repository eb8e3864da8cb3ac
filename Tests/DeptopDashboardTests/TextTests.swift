import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Text")
struct TextTests {
  @Test(
    "a duration takes at most five columns",
    arguments: [
      (0, "0ms"), (1.2e-6, "1.2µs"), (45e-6, "45µs"), (0.0003, "0.3ms"), (0.0021, "2.1ms"), (0.012, "12ms"),
      (0.99949, "999ms"), (0.9996, "1.0s"), (4.2, "4.2s"), (9.96, "10s"), (41, "41s"), (2460, "41m"), (43_200, "12h"),
      (5_011_200, "58d"), (-3, "0ms"),
    ])
  func durations(_ seconds: Double, _ text: String) {
    #expect(Duration.seconds(seconds).text(.unicode) == text)
    #expect(columnWidth(of: text) <= 5)
  }

  @Test(
    "elapsed time has its two largest units",
    arguments: [(0.4, "0s"), (41, "41s"), (372, "6m12s"), (7500, "2h05m"), (273_600, "3d04h")])
  func elapsed(_ seconds: Double, _ text: String) {
    #expect(Duration.seconds(seconds).elapsed == text)
  }

  @Test("micro has a letter in ASCII")
  func ascii() {
    #expect(Duration.microseconds(12).text(.ascii) == "12us")
  }

  @Test(
    "a rate takes at most four columns",
    arguments: [
      (0, "0"), (0.01, "<0.1"), (0.3, "0.3"), (112, "112"), (4100, "4.1k"), (12_000, "12k"), (999_600, "1.0M"),
    ])
  func rates(_ rate: Double, _ text: String) {
    #expect(rateText(rate) == text)
  }

  @Test("sizes and ratios", arguments: [(31_000_000 as UInt64, "31MB"), (512, "512B"), (1_250_000_000, "1.3GB")])
  func bytes(_ bytes: UInt64, _ text: String) {
    #expect(bytesText(bytes) == text)
  }

  @Test(
    "the clock knows dates before and after leap days",
    arguments: [
      (0, "1970-01-01 00:00:00"), (951_782_399, "2000-02-28 23:59:59"), (951_782_400, "2000-02-29 00:00:00"),
      (1_795_442_602, "2026-11-23 14:03:22"), (4_107_542_400, "2100-03-01 00:00:00"),
    ])
  func clock(_ seconds: Double, _ text: String) {
    #expect(LocalClock().dateAndTime(WallTime(secondsSinceEpoch: seconds)) == text)
  }

  @Test("the clock shows local time")
  func localTime() {
    #expect(LocalClock(offsetSeconds: 3600).time(Fixture.now) == "15:03:22")
    #expect(LocalClock(offsetSeconds: -54_000).dateAndTime(Fixture.now) == "2026-11-22 23:03:22")
  }

  @Test(
    "text is broken at spaces, and inside words that are too long",
    arguments: [
      ("one two three", 8, ["one two", "three"]), ("abcdefghij", 4, ["abcd", "efgh", "ij"]), ("", 5, [""]),
      ("日本語 x", 4, ["日本", "語 x"]), ("a b", 1, ["a", "b"]),
    ])
  func wrapping(_ text: String, _ columns: Int, _ lines: [String]) {
    #expect(wrapped(text, to: columns) == lines)
  }

  @Test("a finding's sentence counts on the reader's clock")
  func since() {
    #expect(Fixture.driftFinding.sentence(at: Fixture.now).contains("left DNS 6m12s ago"))
    #expect(Fixture.driftFinding.sentence(at: Fixture.now + .seconds(60)).contains("left DNS 7m12s ago"))
  }

  @Test("the status as text", arguments: ScreenTests.Host.allCases.filter { $0 != .large })
  func status(_ host: ScreenTests.Host) {
    let text = StatusText().status(of: host.snapshot, now: Fixture.now)
    #expect(!text.contains("\u{1B}") && !text.contains(" \n"))
    ScreenSnapshot.check(text, "status-\(host)")
  }

  @Test("plan, verdict and audit as text")
  func actions() {
    let text = ActionText()
    ScreenSnapshot.check(
      text.plan(Fixture.plan(.typeName, Fixture.drainRequest), host: Fixture.driftedHost.host)
        + text.verdict(of: Fixture.healedAction) + text.audit(Fixture.audit), "action-texts")
  }
}
