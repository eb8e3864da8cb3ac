internal import DeptopTestSupport

/// One key, or for comparison none, and what came of it.
struct KeyProbe {
  /// Just before the key was written; for a probe without a key, when it would have been.
  let time: ContinuousClock.Instant
  let hasKey: Bool
}

/// How soon a program answered.
struct KeyAnswer {
  let hasKey: Bool
  /// To the first byte; nil when there was none in time.
  let firstByte: Duration?
  /// To the first change of a cell.
  let visible: Duration?
}

extension TerminalSession {
  /// How long an answer is waited for.
  private static let patience = Duration.seconds(1)
  /// How long a program has to be silent before a key, so that what follows is its answer.
  private static let silence = Duration.milliseconds(15)

  /// Types keys, each after a random pause and a silence; every fifth probe only looks whether something comes anyway.
  func probe(count: Int) -> [KeyProbe] {
    var probes: [KeyProbe] = []
    // Down and up in turn: a key that finds nothing to move has no answer.
    var next = Key.down
    for number in 0..<count where !hasEnded {
      pump(until: .now + .microseconds(.random(in: 50_000...150_000)))
      pump(untilSilentFor: TerminalSession.silence, atMost: .seconds(2))
      let hasKey = number % 5 != 4
      let time = hasKey ? type(next) : .now
      if hasKey { next = next == .down ? .up : .down }
      pump(until: time + (hasKey ? TerminalSession.patience : .milliseconds(20)), stopsAtOutput: true)
      probes.append(KeyProbe(time: time, hasKey: hasKey))
    }
    pump(until: .now + .milliseconds(50))
    return probes
  }

  /// Finds the answers to probes in what was written.
  func answers(to probes: [KeyProbe]) -> [KeyAnswer] {
    var replay = Replay(size: size)
    var index = 0
    return probes.enumerated().map { number, probe in
      while index < outputs.count, outputs[index].time < probe.time {
        replay.show([outputs[index]])
        index += 1
      }
      let limit = number + 1 < probes.count ? probes[number + 1].time : .now
      let before = replay.screen.cells
      var firstByte: Duration?
      var visible: Duration?
      while visible == nil, index < outputs.count,
        outputs[index].time < min(limit, probe.time + TerminalSession.patience)
      {
        replay.show([outputs[index]])
        firstByte = firstByte ?? outputs[index].time - probe.time
        if replay.screen.cells != before { visible = outputs[index].time - probe.time }
        index += 1
      }
      return KeyAnswer(hasKey: probe.hasKey, firstByte: firstByte, visible: visible)
    }
  }
}
