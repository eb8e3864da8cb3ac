import DeptopModel
import DeptopSources
import Testing

@testable import DeptopCollector

/// Every bound, just kept and just crossed.
struct AbortWatchTests {
  /// One look, in which these new connections were tried.
  struct Look: Sendable {
    var at: Double
    /// nil for those of before.
    var readings: AbortReadings?
    /// `+` one that opened in a millisecond, `s` a slow one, `-` one that failed, `|` the beginning of a step.
    var tried = ""
  }

  /// Looks, and what is said of the last of them.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var looks: [Look]
    var crossed: String?

    init(_ name: String, _ looks: [Look], _ crossed: String? = nil) {
      testDescription = name
      self.looks = looks
      self.crossed = crossed
    }
  }

  private static let limit = Duration.milliseconds(200)
  private static let before = AbortReadings(
    ready: 16, failingConnects: 1, callersWaiting: 2, openBreakers: ["web"], calls: calls(1000, 10))

  private static func calls(_ ended: UInt64, _ failed: UInt64) -> CallTotals {
    CallTotals(requests: ended, fates: [.success: ended - failed, .failure: failed])
  }

  private static func readings(_ change: (inout AbortReadings) -> Void) -> AbortReadings {
    var readings = before
    change(&readings)
    return readings
  }

  private static func attempt(_ outcome: Character) -> ConnectAttempt {
    ConnectAttempt(
      address: end("B"), duration: outcome == "-" ? nil : outcome == "s" ? limit + .milliseconds(1) : .milliseconds(1),
      failure: outcome == "-" ? "connection refused" : nil)
  }

  static let cases = [
    Case("nothing changes", [Look(at: 1, tried: "++"), Look(at: 5, tried: "++")]),
    Case("one new connection fails", [Look(at: 1, tried: "+-")]),
    Case(
      "two fail in a step", [Look(at: 1, tried: "-"), Look(at: 2, tried: "-")],
      "2 of 2 new connections failed (10.0.0.2:5432: connection refused)"),
    Case("one fails in each of two steps", [Look(at: 1, tried: "-"), Look(at: 2, tried: "|-")]),
    Case(
      "the kernel's own requests are not answered", [Look(at: 1, readings: readings { $0.failingConnects = 3 })],
      "2 of 2 new connections failed"),
    Case("as many are not answered as before", [Look(at: 1, readings: readings { $0.failingConnects = 2 })]),
    Case(
      "one fails while half of the pool is gone", [Look(at: 1, readings: readings { $0.ready = 7 }, tried: "-")],
      "1 of 1 new connections failed (10.0.0.2:5432: connection refused) while 7 of 16 connections work"),
    Case("one fails while half of the pool works", [Look(at: 1, readings: readings { $0.ready = 8 }, tried: "-")]),
    Case("half of the pool is gone and none fails", [Look(at: 1, readings: readings { $0.ready = 3 }, tried: "+")]),
    Case("the kernel is not read", [Look(at: 1, readings: readings { $0.ready = nil }, tried: "-")]),
    Case("one is slow", [Look(at: 1, tried: "s++")]),
    Case(
      "two are slow", [Look(at: 1, tried: "s++"), Look(at: 2, tried: "|+s")],
      "2 of the latest 5 new connections took more than 200 ms (slowest 201 ms)"),
    Case("two are slow, one of them long ago", [Look(at: 1, tried: "s" + String(repeating: "+", count: 19) + "s")]),
    Case(
      "more callers wait for 3 s", [2.0, 5.0].map { Look(at: $0, readings: readings { $0.callersWaiting = 3 }) },
      "3 callers have waited for 3.0 s, 2 before"),
    Case("more callers wait for less", [2.0, 4.9].map { Look(at: $0, readings: readings { $0.callersWaiting = 3 }) }),
    Case("as many wait as before", [2.0, 9.0].map { Look(at: $0, readings: readings { $0.callersWaiting = 2 }) }),
    Case(
      "more callers wait, with a pause",
      [
        Look(at: 2, readings: readings { $0.callersWaiting = 3 }), Look(at: 4),
        Look(at: 6, readings: readings { $0.callersWaiting = 3 }),
      ]),
    Case("nobody counts who waits", [2.0, 9.0].map { Look(at: $0, readings: readings { $0.callersWaiting = nil }) }),
    Case(
      "a breaker opens", [Look(at: 1, readings: readings { $0.openBreakers = ["app", "web"] })],
      "the breaker of app opened"),
    Case("one closes", [Look(at: 1, readings: readings { $0.openBreakers = [] })]),
    Case(
      "errors rise", [Look(at: 1, readings: readings { $0.calls = calls(1100, 15) })],
      "5 of 100 requests failed within 1.0 s (5.0 %, 1.0 % before)"),
    Case("errors rise among too few", [Look(at: 1, readings: readings { $0.calls = calls(1019, 19) })]),
    Case("one request of twenty fails", [Look(at: 1, readings: readings { $0.calls = calls(1020, 11) })]),
    Case(
      "a client begins anew",
      [
        Look(at: 1, readings: readings { $0.calls = calls(10, 0) }),
        Look(at: 2, readings: readings { $0.calls = calls(100, 1) }),
      ]),
    Case(
      "errors of long ago",
      [
        Look(at: 1, readings: readings { $0.calls = calls(1100, 11) }),
        Look(at: 12, readings: readings { $0.calls = calls(2000, 15) }),
        Look(at: 23, readings: readings { $0.calls = calls(3000, 20) }),
      ]),
  ]

  @Test(arguments: cases) func `a bound is crossed where it is, and nowhere else`(sample: Case) {
    let bounds = AbortBounds(
      canStop: true, connectBaseline: .milliseconds(1), errorBaseline: 0.01, callersWaiting: 2, timeLimit: .seconds(60))
    var watch = AbortWatch(bounds, before: Self.before)
    var said: String?
    for look in sample.looks {
      if look.tried.first == "|" { watch.beginStep() }
      said = watch.look(
        look.readings ?? Self.before, tried: look.tried.filter { $0 != "|" }.map(Self.attempt), at: .seconds(look.at))
    }
    #expect(said == sample.crossed)
  }

  @Test func `a failed connection holds the next step up until the step begins anew`() {
    let bounds = AbortBounds(canStop: true, connectBaseline: .zero, timeLimit: .seconds(1))
    var watch = AbortWatch(bounds, before: AbortReadings())
    #expect(watch.isClear)
    _ = watch.look(AbortReadings(), tried: [Self.attempt("-")], at: .zero)
    #expect(!watch.isClear)
    watch.beginStep()
    #expect(watch.isClear)
  }

  @Test(arguments: [(1, 200), (66, 200), (67, 201), (100, 300), (400, 1000), (5000, 1000)])
  func `new connections may be three times as slow, within bounds`(baseline: Int, limit: Int) {
    let bounds = AbortBounds(canStop: true, connectBaseline: .milliseconds(baseline), timeLimit: .seconds(1))
    #expect(bounds.connectLimit == .milliseconds(limit))
  }

  @Test(
    arguments: [
      (20, 2, 0.0, true), (19, 19, 0, false), (20, 1, 0, false), (1000, 21, 0, true), (1000, 20, 0, false),
      (1000, 121, 0.1, true), (1000, 119, 0.1, false), (100, 13, 0.1, false), (10_000, 17, 0.001, true),
      (10_000, 16, 0.001, false),
      (1000, 2, 0.001, false), (20, 14, 0.5, false), (20, 15, 0.5, true), (20, 20, 1, false),
    ] as [(UInt64, UInt64, Double, Bool)])
  func `errors have risen when they are more than before and more than chance`(
    ended: UInt64, failed: UInt64, baseline: Double, isCrossed: Bool
  ) {
    #expect(ErrorRise(ended: ended, failed: failed, baseline: baseline).isCrossed == isCrossed)
  }

  @Test func `the plan says what stops it, or that nothing can`() {
    var bounds = AbortBounds(
      canStop: true, connectBaseline: .milliseconds(1), errorBaseline: 0.004, callersWaiting: 0,
      timeLimit: .seconds(44.2))
    #expect(
      bounds.line
        == PlanLine(
          "stops if",
          "2 new connections fail in a step or take more than 200 ms, errors rise above 2.4 %, more than 0 callers wait "
            + "for 3 s, a breaker opens, or it takes more than 45 s"))
    bounds.canStop = false
    #expect(
      bounds.line.label == "tells if" && bounds.line.text.hasSuffix("it cannot stop then, as all is told at once"))
  }
}
