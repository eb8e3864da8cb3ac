/// What one read from a terminal brought.
struct Output {
  /// When it had been read.
  let time: ContinuousClock.Instant
  let bytes: [UInt8]
}
