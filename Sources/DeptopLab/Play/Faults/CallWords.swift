/// A change of how a client calls a dependency, with the call that it starts from.
///
/// A ``CallChange`` replaces a pool as a whole; here a single field of it can be changed, and the others are as before.
struct CallEdit: Sendable {
  /// The usual figures stand in for a call that is not known.
  var present: CallSpec?
  var change = CallChange()

  var pool: PoolSpec {
    get { change.pool ?? present?.pool ?? PoolSpec() }
    set { change.pool = newValue }
  }
  /// A client without a breaker gets one with the usual figures.
  var breaker: BreakerSpec {
    get { change.breaker ?? present?.breaker ?? BreakerSpec() }
    set { change.breaker = newValue }
  }
  var retry: RetrySpec {
    get { change.retry ?? present?.retry ?? RetrySpec() }
    set { change.retry = newValue }
  }
  var limits: LimitSpec {
    get { change.limits ?? present?.limits ?? LimitSpec() }
    set { change.limits = newValue }
  }
}

extension CallEdit {
  /// The change to the call as it is.
  init(toWhatIs spec: CallSpec) {
    change.rate = spec.rate
    change.largeEvery = spec.largeEvery
    change.largeRequestBytes = spec.largeRequestBytes
    change.pool = spec.pool
    change.breaker = spec.breaker
    change.retry = spec.retry
    change.limits = spec.limits
    change.names = spec.names
  }
}

/// The words that change how a client calls a dependency.
enum CallWords {
  static let keys = FaultKeys<CallEdit>(requests + pool + breaker + retry + limits)

  private static let requests: [FaultKey<CallEdit>] = [
    FaultKey("rate", \.change.rate, .number("requests a second", in: 0...10_000)),
    FaultKey("large-every", \.change.largeEvery, .whole(in: 0...1_000_000)),
    FaultKey("large-request-bytes", \.change.largeRequestBytes, .whole("bytes", in: 0...LineMessage.largestFiller)),
    FaultKey(
      "names", \.change.names, .word(["none": .none, "time-to-live": .timeToLive, "forever": .forever])),
  ]

  private static let pool: [FaultKey<CallEdit>] = [
    inPool("max", \.pool.max, .whole(in: 1...10_000)),
    inPool("minimum", \.pool.minimum, .whole(in: 0...10_000)),
    inPool("idle-timeout", \.pool.idleTimeout, .either("none", .seconds)),
    inPool("maximum-lifetime", \.pool.maximumLifetime, .either("none", .seconds)),
    inPool("validate-after", \.pool.validateAfter, .either("none", .seconds)),
    inPool("acquire-timeout", \.pool.acquireTimeout, .either("none", .seconds)),
    // The kernel's own bounds of TCP_KEEPIDLE.
    inPool("keepalive", \.pool.keepalive, .either("none", .whole("whole seconds", in: 1...32_767))),
    inPool("leaks", \.pool.leaks, .share),
    inPool("keeps-abandoned-work", \.pool.keepsAbandonedWork, .flag),
  ]

  private static let breaker: [FaultKey<CallEdit>] = [
    inBreaker("failure-ratio", \.breaker.failureRatio, .share),
    inBreaker("minimum-calls", \.breaker.minimumCalls, .whole(in: 1...100_000)),
    inBreaker("window", \.breaker.window, .whole(in: 1...100_000)),
    inBreaker("open-for", \.breaker.openFor, .seconds),
    inBreaker("permits", \.breaker.permits, .whole(in: 1...100_000)),
    inBreaker("stuck", \.breaker.isStuck, .flag),
  ]

  private static let retry: [FaultKey<CallEdit>] = [
    inRetry("attempts", \.retry.attempts, .whole(in: 1...100)),
    inRetry("layers", \.retry.layers, .whole(in: 1...10)),
    inRetry("backoff", \.retry.backoff, .seconds),
    inRetry("longest-backoff", \.retry.longestBackoff, .seconds),
    inRetry("jitter", \.retry.jitter, .word(["none": .none, "full": .full])),
    inRetry("budget", \.retry.budget, .either("none", .number("retries for each call", in: 0...100))),
    inRetry("repeats-sent", \.retry.repeatsSent, .flag),
  ]

  private static let limits: [FaultKey<CallEdit>] = [
    inLimits("connect", \.limits.connect, .either("none", .seconds)),
    inLimits("read", \.limits.read, .either("none", .seconds)),
    inLimits("deadline", \.limits.deadline, .either("none", .seconds)),
    inLimits("passes-deadline-on", \.limits.passesDeadlineOn, .flag),
  ]

  private typealias Path<Value> = any WritableKeyPath<CallEdit, Value> & Sendable

  private static func inPool<Value>(
    _ name: String, _ path: Path<Value>, _ value: FaultValue<Value>
  ) -> FaultKey<CallEdit> {
    FaultKey("pool.\(name)", path, value) { $0.change.pool != nil }
  }

  private static func inBreaker<Value>(
    _ name: String, _ path: Path<Value>, _ value: FaultValue<Value>
  ) -> FaultKey<CallEdit> {
    FaultKey("breaker.\(name)", path, value) { $0.change.breaker != nil }
  }

  private static func inRetry<Value>(
    _ name: String, _ path: Path<Value>, _ value: FaultValue<Value>
  ) -> FaultKey<CallEdit> {
    FaultKey("retry.\(name)", path, value) { $0.change.retry != nil }
  }

  private static func inLimits<Value>(
    _ name: String, _ path: Path<Value>, _ value: FaultValue<Value>
  ) -> FaultKey<CallEdit> {
    FaultKey("limits.\(name)", path, value) { $0.change.limits != nil }
  }
}
