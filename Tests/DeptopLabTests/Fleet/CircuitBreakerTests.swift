internal import Testing

@testable internal import DeptopLab

@Suite struct CircuitBreakerTests {
  private static let second: Int64 = 1_000_000

  private func spec(_ change: (inout BreakerSpec) -> Void = { _ in }) -> BreakerSpec {
    var spec = BreakerSpec()
    (spec.minimumCalls, spec.window, spec.permits, spec.openFor) = (4, 6, 2, 5)
    change(&spec)
    return spec
  }

  /// Lets calls pass and end at one moment; answers the transitions.
  private func run(
    _ breaker: inout CircuitBreaker, _ results: [Bool], at now: Int64 = 0
  ) -> [CircuitBreaker.State] {
    var transitions: [CircuitBreaker.State] = []
    for isFailure in results {
      let (permit, entered) = breaker.admit(at: now)
      if let entered { transitions.append(entered.to) }
      guard let permit else { continue }
      if let left = breaker.ended(permit, isFailure: isFailure, at: now) { transitions.append(left.to) }
    }
    return transitions
  }

  private struct Row: Sendable {
    let calls: [Bool]
    let state: CircuitBreaker.State
  }

  @Test(arguments: [
    Row(calls: [true, true, true], state: .closed), Row(calls: [true, true, true, true], state: .open),
    Row(calls: [false, false, true, true], state: .open), Row(calls: [false, false, false, true], state: .closed),
    // The window holds 6: the first successes are forgotten.
    Row(calls: [false, false, false, false, false, false, true, true, true], state: .open),
  ])
  private func `it opens at the ratio, and not below the minimum number of calls`(_ row: Row) {
    var breaker = CircuitBreaker(spec())
    _ = run(&breaker, row.calls)
    #expect(breaker.state == row.state)
  }

  @Test func `it rejects while it is open, tries when the wait is over, and closes after good trials`() {
    var breaker = CircuitBreaker(spec())
    #expect(run(&breaker, [true, true, true, true]) == [.open])
    #expect(breaker.admit(at: 5 * Self.second - 1).permit == nil)
    #expect(run(&breaker, [false, false], at: 5 * Self.second) == [.halfOpen, .closed])
    #expect(breaker.failureRatio == nil)
  }

  @Test func `a failed trial opens it again for the whole wait`() {
    var breaker = CircuitBreaker(spec())
    _ = run(&breaker, [true, true, true, true])
    #expect(run(&breaker, [true, false], at: 5 * Self.second) == [.halfOpen, .open])
    #expect(breaker.admit(at: 10 * Self.second - 1).permit == nil)
    #expect(breaker.admit(at: 10 * Self.second).permit != nil)
  }

  @Test func `no more trials pass than there are permits`() {
    var breaker = CircuitBreaker(spec())
    _ = run(&breaker, [true, true, true, true])
    let admitted = (0..<5).map { _ in breaker.admit(at: 5 * Self.second).permit != nil }
    #expect(admitted == [true, true, false, false, false])
  }

  @Test func `a call of an earlier state is not judged in a later one`() throws {
    var breaker = CircuitBreaker(spec())
    let early = try #require(breaker.admit(at: 0).permit)
    _ = run(&breaker, [true, true, true, true])
    _ = breaker.admit(at: 5 * Self.second)
    #expect(breaker.ended(early, isFailure: false, at: 5 * Self.second) == nil)
    #expect(breaker.state == .halfOpen)
  }

  @Test func `a stuck breaker never tries by itself, and an operator closes it`() {
    var breaker = CircuitBreaker(spec { $0.isStuck = true })
    _ = run(&breaker, [true, true, true, true])
    #expect(breaker.admit(at: 3_600 * Self.second).permit == nil)
    #expect(breaker.set(.closed, reason: "it is back", at: 0)?.reason == "it is back")
    #expect(breaker.admit(at: 0).permit != nil)
  }

  @Test func `forced open stays so, disabled judges nothing`() {
    var breaker = CircuitBreaker(spec())
    #expect(breaker.set(.forcedOpen, reason: "", at: 0)?.to == .forcedOpen)
    #expect(breaker.admit(at: 3_600 * Self.second).permit == nil)
    #expect(breaker.set(.disabled, reason: "", at: 0)?.to == .disabled)
    #expect(run(&breaker, Array(repeating: true, count: 20)).isEmpty)
    #expect(breaker.set(.disabled, reason: "", at: 0) == nil)
  }
}
