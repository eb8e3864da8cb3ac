extension MonitoredDependency {
  /// Notes that a call begins, so that calls without an answer are seen while they wait.
  ///
  /// The ages of 64 calls a processor are known at the same time; of more the number alone is. They say that the oldest
  /// one waits at least so long.
  ///
  /// - Parameter tracksAge: False leaves its age out of the oldest wait, and saves a few nanoseconds.
  /// - Returns: What ``end(_:_:)`` or ``withdraw(_:)`` is to be called with, once.
  public func begin(tracksAge: Bool = true) -> CallInFlight {
    let now = MonotonicClock.nanoseconds()
    return ledger?.begin(at: now, tracksAge: tracksAge) ?? CallInFlight(began: now, shard: 0, slot: nil)
  }

  /// Notes that a call has ended, and counts it with the time since it began.
  ///
  /// - Parameters:
  ///   - call: What ``begin(tracksAge:)`` of this dependency answered; to be ended once.
  ///   - outcome: How it ended.
  public func end(_ call: CallInFlight, _ outcome: CallOutcome = .success) {
    ledger?.end(call)
    record(nanoseconds: MonotonicClock.nanoseconds() &- call.began, outcome)
  }

  /// Notes that a call is no longer waited for, and counts nothing: it is counted in another way, or not at all.
  ///
  /// - Parameter call: What ``begin(tracksAge:)`` of this dependency answered.
  public func withdraw(_ call: CallInFlight) { ledger?.end(call) }

  /// Runs a call and counts it.
  ///
  /// - Parameters:
  ///   - outcome: What an error means for the call; ``CallOutcome/failure`` unless said otherwise.
  ///   - body: The call.
  /// - Returns: What the call answers.
  /// - Throws: What the call throws.
  public func measure<Value, Failure: Error>(
    outcome: (Failure) -> CallOutcome = { _ in .failure }, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let call = begin()
    do throws(Failure) {
      let value = try body()
      end(call)
      return value
    } catch {
      end(call, outcome(error))
      throw error
    }
  }

  /// Runs a call and counts it, on the caller's actor.
  ///
  /// - Parameters:
  ///   - outcome: What an error means for the call; ``CallOutcome/failure`` unless said otherwise.
  ///   - body: The call.
  /// - Returns: What the call answers.
  /// - Throws: What the call throws.
  public func measure<Value, Failure: Error>(
    outcome: (Failure) -> CallOutcome = { _ in .failure },
    _ body: nonisolated(nonsending) () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let call = begin()
    do throws(Failure) {
      let value = try await body()
      end(call)
      return value
    } catch {
      end(call, outcome(error))
      throw error
    }
  }
}
