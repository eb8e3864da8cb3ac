internal import Testing

@testable internal import DeptopLab

@Suite struct RetryPlanTests {
  private func plan(_ attempts: Int, layers: Int = 1, _ change: (inout RetrySpec) -> Void = { _ in }) -> RetryPlan {
    var spec = RetrySpec()
    (spec.attempts, spec.layers, spec.backoff, spec.longestBackoff, spec.jitter) = (attempts, layers, 1, 100, .none)
    change(&spec)
    return RetryPlan(spec)
  }

  @Test(arguments: [(1, 1, 1), (3, 1, 3), (3, 2, 9), (3, 3, 27), (1, 3, 1), (0, 0, 1), (1_000, 60, 10_000)])
  func `layers multiply`(attempts: Int, layers: Int, all: Int) {
    #expect(plan(attempts, layers: layers).attempts == all)
  }

  @Test func `the backoff doubles up to the longest`() {
    let plan = plan(8) { $0.longestBackoff = 10 }
    #expect((1...7).map { plan.backoff(after: $0, random: 1) } == [1, 2, 4, 8, 10, 10, 10])
  }

  @Test func `each layer waits by its own count`() {
    let plan = plan(3, layers: 3)
    // The third attempt of the inner layer ends it: the layer above waits as after its first, and so on.
    #expect((1...9).map { plan.backoff(after: $0, random: 1) } == [1, 2, 1, 1, 2, 2, 1, 2, 1])
    #expect(plan.backoff(after: 18, random: 1) == 2)
  }

  @Test func `full jitter takes any share of it, none takes all`() {
    #expect(plan(3) { $0.jitter = .full }.backoff(after: 2, random: 0.25) == 0.5)
    #expect(plan(3).backoff(after: 2, random: 0.25) == 2)
  }

  @Test func `a budget lets its share of the calls be retried, and what was saved up`() {
    var budget = RetryBudget()
    var paid = 0
    for _ in 0..<1_000 {
      budget.earn(0.1)
      if budget.spend() { paid += 1 }
    }
    #expect(105...112 ~= paid)
  }

  @Test func `requests come at random moments of the rate`() {
    var generator = SystemRandomNumberGenerator()
    var time: Int64 = 0
    var count = 0
    while time < 100_000_000 {
      if let gap = Arrivals.gap(rate: 50, random: .random(in: 0..<1, using: &generator)) {
        time += gap
        count += 1
      } else {
        time += Arrivals.longestGap
      }
    }
    // 5,000 with a standard deviation of 71: six of them.
    #expect(4_576...5_424 ~= count)
  }

  @Test(arguments: [0, -1, .nan, .infinity] as [Double])
  func `without a rate nothing comes`(rate: Double) {
    #expect(Arrivals.gap(rate: rate, random: 0.5) == nil)
  }
}
