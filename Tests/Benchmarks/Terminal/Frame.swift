internal import DeptopScreen
internal import DeptopTestSupport

/// One update of a screen: what was written between two silences.
struct Frame {
  let time: ContinuousClock.Instant
  let bytes: Int
  let floor: UpdateFloor
}

extension TerminalSession {
  /// The silence that separates two frames.
  private static let gap = Duration.milliseconds(30)

  /// The frames that began after a time.
  func frames(since start: ContinuousClock.Instant) -> [Frame] {
    var replay = Replay(size: size)
    replay.show(outputs.prefix { $0.time < start })
    var frames: [Frame] = []
    var rest = outputs.drop { $0.time < start }
    while let first = rest.first {
      var last = first.time
      let burst = rest.prefix { output in
        defer { last = output.time }
        return output.time - last < TerminalSession.gap
      }
      let before = replay.screen
      replay.show(burst)
      frames.append(
        Frame(
          time: first.time, bytes: burst.reduce(0) { $0 + $1.bytes.count },
          floor: UpdateFloor(from: before, to: replay.screen)))
      rest = rest.dropFirst(burst.count)
    }
    return frames
  }
}
