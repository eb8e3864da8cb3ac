extension MonitoredDependency {
  /// Counts a call that was answered or failed.
  ///
  /// - Parameters:
  ///   - nanoseconds: The time from sending the request to its answer, without the wait for a connection.
  ///   - outcome: How it ended.
  public func record(nanoseconds: UInt64, _ outcome: CallOutcome = .success) {
    guard let ledger else { return }
    let shard = ledger.shard
    ledger.count(outcome, in: shard)
    ledger.add(nanoseconds: nanoseconds, toHistogramAt: shard &+ CounterLayout.responseTime)
  }

  /// Counts a call that was answered or failed.
  ///
  /// - Parameters:
  ///   - responseTime: The time from sending the request to its answer, without the wait for a connection.
  ///   - outcome: How it ended.
  public func record(_ responseTime: Duration, _ outcome: CallOutcome = .success) {
    record(nanoseconds: responseTime.wholeNanoseconds, outcome)
  }

  /// Counts a call that has no response time: one that was rejected, or got no connection.
  ///
  /// - Parameter outcome: How it ended.
  public func record(unsent outcome: CallOutcome) {
    guard let ledger else { return }
    ledger.count(outcome, in: ledger.shard)
  }

  /// Counts a call that the breaker rejected, and one more that it did not permit.
  public func recordRejected() {
    guard let ledger else { return }
    let shard = ledger.shard
    ledger.count(.rejected, in: shard)
    ledger.add(1, at: shard &+ CounterLayout.notPermitted)
  }

  /// Counts an attempt that was answered after its caller had given up.
  ///
  /// The call itself has ended before, most often as a ``CallFate/timeout``, and is not counted once more: the time goes
  /// to the response times, the attempt to those that were worked on for nobody.
  ///
  /// - Parameter nanoseconds: The time from sending the request to its answer.
  public func recordLate(nanoseconds: UInt64) {
    guard let ledger else { return }
    let shard = ledger.shard
    ledger.add(1, at: shard &+ CounterLayout.late)
    ledger.add(nanoseconds: nanoseconds, toHistogramAt: shard &+ CounterLayout.responseTime)
  }

  /// Counts an attempt that was answered after its caller had given up.
  ///
  /// - Parameter responseTime: The time from sending the request to its answer.
  public func recordLate(_ responseTime: Duration) { recordLate(nanoseconds: responseTime.wholeNanoseconds) }

  /// Counts the time that a caller waited for a connection.
  ///
  /// - Parameter nanoseconds: The time, 0 when there was one at once.
  public func recordWait(nanoseconds: UInt64) {
    guard let ledger else { return }
    ledger.add(nanoseconds: nanoseconds, toHistogramAt: ledger.shard &+ CounterLayout.waitTime)
  }

  /// Counts the time that a caller waited for a connection.
  public func recordWait(_ wait: Duration) { recordWait(nanoseconds: wait.wholeNanoseconds) }

  /// Counts the time that one phase of a call took.
  ///
  /// - Parameters:
  ///   - phase: The part of the call.
  ///   - nanoseconds: The time that it took.
  public func record(_ phase: CallPhase, nanoseconds: UInt64) {
    guard let ledger else { return }
    let word = CounterLayout.phases &+ Int(phase.rawValue) &* CounterLayout.histogramWords
    ledger.add(nanoseconds: nanoseconds, toHistogramAt: ledger.shard &+ word)
  }

  /// Counts the time that one phase of a call took.
  ///
  /// - Parameters:
  ///   - phase: The part of the call.
  ///   - time: The time that it took.
  public func record(_ phase: CallPhase, _ time: Duration) { record(phase, nanoseconds: time.wholeNanoseconds) }
}
