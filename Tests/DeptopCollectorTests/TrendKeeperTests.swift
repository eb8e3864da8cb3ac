import DeptopModel
import Testing

@testable import DeptopCollector

struct TrendKeeperTests {
  private static let day = 86_400
  private static let healthy = TrendSample(
    p50: 0.012, p95: 0.030, requests: 30, goodput: 30, answered: 30, errorRatio: 0)

  /// A keeper that has seen seconds of health.
  private func keeper(_ seconds: Int) -> TrendKeeper {
    var keeper = TrendKeeper()
    for second in 0..<seconds { keeper.record(Self.healthy, at: at(Double(second))) }
    return keeper
  }

  private func slow(_ factor: Double) -> TrendSample {
    var sample = Self.healthy
    (sample.p50, sample.p95) = (0.012 * factor, 0.030 * factor)
    return sample
  }

  @Test func `a day of healthy noise has no episode`() {
    var times = HealthyTimes(seed: 7)
    var keeper = TrendKeeper()
    var episodes = 0
    for second in 0..<Self.day {
      keeper.record(times.next(), at: at(Double(second)))
      if keeper.trend?.episode != nil { episodes += 1 }
    }
    #expect(episodes == 0)
    let p95 = keeper.trend?.usual?.p95?.seconds ?? 0
    #expect((0.028...0.032).contains(p95))
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `responses that take twice as long are seen within some windows`(seed: UInt64) throws {
    var times = HealthyTimes(seed: seed)
    var keeper = TrendKeeper()
    for second in 0..<600 { keeper.record(times.next(), at: at(Double(second))) }
    var seenAfter: Int?
    for window in 1...12 where seenAfter == nil {
      keeper.record(times.next(times: 2), at: at(Double(599 + window)))
      if keeper.trend?.episode?.slowSince != nil { seenAfter = window }
    }
    let windows = try #require(seenAfter)
    #expect((2...8).contains(windows))
    #expect(try #require(keeper.trend?.episode?.slowSince) >= at(598))
  }

  @Test func `responses of five times as long are seen in three windows, with the moment of the first`() {
    var keeper = keeper(100)
    for second in 100..<103 { keeper.record(slow(5), at: at(Double(second))) }
    #expect(keeper.trend?.episode?.slowSince == at(100))
    #expect(keeper.trend?.episode?.slowUntil == nil)
  }

  @Test func `an episode does not change what is usual`() {
    var keeper = keeper(100)
    let before = keeper.trend?.usual
    for second in 100..<1900 {
      var sample = slow(5)
      (sample.errorRatio, sample.goodput, sample.isSaturated) = (0.7, 9, true)
      keeper.record(sample, at: at(Double(second)))
    }
    #expect(keeper.trend?.usual == before)
    #expect(keeper.trend?.episode?.slowSince == at(100))
  }

  @Test func `slowness that hurts nobody for ten minutes is what is usual from then on`() {
    var keeper = keeper(100)
    for second in 100..<800 { keeper.record(slow(3), at: at(Double(second))) }
    #expect(keeper.trend?.episode == nil)
    #expect(keeper.trend?.usual?.p50?.seconds.rounded(toThousandths: ()) == 0.036)
  }

  @Test func `nothing is usual before ten seconds, and it is young within the first minute`() {
    #expect(keeper(5).trend?.usual == nil)
    #expect(keeper(11).trend?.usual?.isYoung == true)
    #expect(keeper(54).trend?.usual?.isYoung == true)
    #expect(keeper(62).trend?.usual?.isYoung == false)
  }

  @Test func `fifteen seconds of health are enough to see what comes after`() {
    var keeper = keeper(15)
    for second in 15..<30 { keeper.record(slow(40), at: at(Double(second))) }
    #expect(keeper.trend?.episode?.slowSince == at(15))
    #expect(keeper.trend?.usual?.p50?.seconds.rounded(toThousandths: ()) == 0.012)
    #expect(keeper.trend?.usual?.isYoung == true)
  }

  @Test func `trouble from the first second on is nobody's usual`() {
    var keeper = TrendKeeper()
    for second in 0..<100 {
      var sample = slow(1)
      sample.isSaturated = true
      keeper.record(sample, at: at(Double(second)))
    }
    #expect(keeper.trend?.episode == nil, "an episode is a change from what was usual")
  }

  @Test func `the moments come in order, and the end of slowness is one of them`() throws {
    var keeper = keeper(100)
    for second in 100..<140 {
      var sample = second < 120 ? slow(10) : slow(1)
      sample.isSaturated = second >= 103
      if second >= 105 { (sample.errorRatio, sample.goodput) = (0.97, 1) }
      keeper.record(sample, at: at(Double(second)))
    }
    let episode = try #require(keeper.trend?.episode)
    #expect(
      episode
        == CallEpisode(
          slowSince: at(100), slowUntil: at(120), saturatedSince: at(103), unavailableSince: at(105)))
    #expect(keeper.trend?.usual?.goodput == 30)
  }

  @Test func `slowness that returns is not over`() {
    var keeper = keeper(100)
    for second in 100..<130 { keeper.record(slow((110..<120).contains(second) ? 1 : 10), at: at(Double(second))) }
    #expect(keeper.trend?.episode?.slowSince == at(100) && keeper.trend?.episode?.slowUntil == nil)
  }

  @Test func `an episode ends when nothing was wrong for thirty seconds`() {
    var keeper = keeper(100)
    for second in 100..<110 { keeper.record(slow(10), at: at(Double(second))) }
    for second in 110..<140 { keeper.record(slow(1), at: at(Double(second))) }
    #expect(keeper.trend?.episode != nil)
    for second in 140..<150 { keeper.record(slow(1), at: at(Double(second))) }
    #expect(keeper.trend?.episode == nil)
  }

  @Test func `one bad window is no episode`() {
    var keeper = keeper(100)
    keeper.record(slow(50), at: at(100))
    for second in 101..<110 { keeper.record(slow(1), at: at(Double(second))) }
    #expect(keeper.trend?.episode == nil)
  }

  @Test func `what always fails a little is not unavailable`() {
    var keeper = TrendKeeper()
    for second in 0..<200 {
      var sample = Self.healthy
      sample.errorRatio = second < 100 ? 0.08 : 0.12
      keeper.record(sample, at: at(Double(second)))
    }
    #expect(keeper.trend?.episode == nil)
    #expect(keeper.trend?.usual?.errorRatio != nil)
  }

  @Test func `what nobody tells is not zero`() throws {
    var keeper = TrendKeeper()
    let counted = TrendSample(requests: 30)
    for second in 0..<100 { keeper.record(counted, at: at(Double(second))) }
    let usual = try #require(keeper.trend?.usual)
    #expect(usual.p50 == nil && usual.p95 == nil && usual.goodput == nil && usual.answered == nil)
    #expect(usual.requests == 30 && keeper.trend?.capacity == nil)
  }

  @Test func `capacity is the most that was answered, in health and in an episode`() {
    var keeper = keeper(100)
    for second in 100..<120 {
      var sample = slow(10)
      sample.answered = second == 110 ? 40 : 20
      keeper.record(sample, at: at(Double(second)))
    }
    #expect(keeper.trend?.capacity == 40)
  }

  @Test func `callers are told as they waited ten seconds ago`() {
    var keeper = TrendKeeper()
    for second in 0..<60 {
      var sample = Self.healthy
      sample.callersWaiting = second
      keeper.record(sample, at: at(Double(second)))
    }
    #expect(keeper.trend?.waitingBefore == 49)
  }
}

extension Double {
  fileprivate func rounded(toThousandths: Void) -> Double { (self * 1000).rounded() / 1000 }
}
