extension Ledger {
  /// Counts a call's end.
  ///
  /// Most calls have one attempt: they are counted apart, so that one addition counts both the fate and the attempt.
  @inline(__always)
  func count(_ outcome: CallOutcome, in shard: Int) {
    if outcome.attempts == 1 {
      add(1, at: shard &+ CounterLayout.fates &+ Int(outcome.fate.rawValue))
    } else {
      add(1, at: shard &+ CounterLayout.otherFates &+ Int(outcome.fate.rawValue))
      add(UInt64(clamping: outcome.attempts), at: shard &+ CounterLayout.attempts)
    }
    if let timeout = outcome.timeout { add(1, at: shard &+ CounterLayout.timeouts &+ Int(timeout.rawValue)) }
    if let type = outcome.errorType { add(1, at: shard &+ CounterLayout.errors &+ Int(type.index)) }
    if outcome.isReset { add(1, at: shard &+ CounterLayout.resets) }
  }

  /// Notes that a call began; takes a slot for its beginning while one is free.
  func begin(at now: UInt64, tracksAge: Bool) -> CallInFlight {
    let shard = shard
    add(1, at: shard &+ CounterLayout.begun)
    guard tracksAge, let slot = freeSlot(in: shard) else { return CallInFlight(began: now, shard: shard, slot: nil) }
    store(now, at: shard &+ CounterLayout.slots &+ slot)
    return CallInFlight(began: now, shard: shard, slot: UInt8(truncatingIfNeeded: slot))
  }

  /// Notes that a call is no longer in flight.
  func end(_ call: CallInFlight) {
    add(1, at: call.shard &+ CounterLayout.ended)
    guard let slot = call.slot else { return }
    let word = call.shard &+ CounterLayout.slots &+ Int(slot)
    // A call that is ended twice must not free the slot of another one.
    guard load(word) == call.began else { return }
    store(0, at: word)
    clear(bits: 1 &<< UInt64(slot), at: call.shard &+ CounterLayout.slotsTaken)
  }

  private func freeSlot(in shard: Int) -> Int? {
    let word = shard &+ CounterLayout.slotsTaken
    // Another thread may take the same slot: rare, as a shard is a processor's own, so few tries are enough.
    for _ in 0..<4 {
      let free = ~load(word)
      guard free != 0 else { return nil }
      let slot = free.trailingZeroBitCount
      if set(bits: 1 &<< UInt64(slot), at: word) & (1 &<< UInt64(slot)) == 0 { return slot }
    }
    return nil
  }
}
