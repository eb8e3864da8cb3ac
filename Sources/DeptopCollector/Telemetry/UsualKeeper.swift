internal import DeptopModel

/// Keeps what is usual: medians of windows five seconds apart, over five minutes of health, the newest 30 s left out.
///
/// A window from within an episode is never among them, nor one of the 30 s before, so that trouble which grows slowly
/// is not taken for what is usual. Of a dependency of which less than a minute is known, all windows count from 10 s of health on.
struct UsualKeeper: Sendable {
  static let slot = Duration.seconds(5)
  /// Slots that are too new to count: 30 s.
  static let newest = 6
  /// Slots that count: the rest of 300 s.
  static let kept = 54
  /// Slots from which medians are told at all: 10 s.
  static let least = 2

  private var settled: [Slot] = []
  private var recent: [Slot] = []
  private var lastAt: WallTime?
  private(set) var usual: UsualCalls?
  /// The most answers in a second among all that is kept; nil when nobody counts them.
  private(set) var mostAnswered: Double?

  /// One window, in as little memory as it takes; not a number where nobody tells.
  private struct Slot: Sendable {
    var p50, p95, requests, goodput, answered, errorRatio: Float
    var isEstimated: Bool

    init(_ sample: TrendSample) {
      let value = { (number: Double?) in number.map(Float.init) ?? .nan }
      (p50, p95) = (value(sample.p50), value(sample.p95))
      (requests, goodput) = (value(sample.requests), value(sample.goodput))
      (answered, errorRatio) = (value(sample.answered), value(sample.errorRatio))
      isEstimated = sample.isEstimated
    }
  }

  /// Takes a healthy window; one that comes less than a slot after the last is left out.
  ///
  /// - Complexity: O(n log n) in the windows kept, at most once a slot.
  mutating func record(_ sample: TrendSample, at now: WallTime) {
    if let lastAt, now - lastAt < UsualKeeper.slot { return }
    // What was estimated and what was measured are not compared.
    if let last = recent.last ?? settled.last, last.isEstimated != sample.isEstimated { (settled, recent) = ([], []) }
    lastAt = now
    recent.append(Slot(sample))
    if recent.count > UsualKeeper.newest { settle(recent.removeFirst()) }
    mostAnswered = (settled + recent).lazy.map(\.answered).filter { !$0.isNaN }.max().map(Double.init)
    let isYoung = settled.count < UsualKeeper.newest
    let counted = isYoung ? settled + recent : settled
    usual = counted.count >= UsualKeeper.least ? UsualKeeper.medians(of: counted, isYoung: isYoung) : nil
  }

  /// Drops the windows that may already belong to trouble, unless there is nothing else.
  mutating func beginEpisode() {
    if settled.count < UsualKeeper.newest { recent.dropLast().forEach { settle($0) } }
    recent = []
  }

  private mutating func settle(_ slot: Slot) {
    settled.append(slot)
    if settled.count > UsualKeeper.kept { settled.removeFirst() }
  }

  private static func medians(of slots: [Slot], isYoung: Bool) -> UsualCalls {
    UsualCalls(
      p50: median(of: slots.map(\.p50)).map { .seconds($0) }, p95: median(of: slots.map(\.p95)).map { .seconds($0) },
      requests: median(of: slots.map(\.requests)), goodput: median(of: slots.map(\.goodput)),
      answered: median(of: slots.map(\.answered)), errorRatio: median(of: slots.map(\.errorRatio)), isYoung: isYoung,
      isEstimated: slots.last?.isEstimated ?? false)
  }

  /// The lower of the two middle values where there are two; nil when nobody tells.
  private static func median(of values: [Float]) -> Double? {
    let sorted = values.filter { !$0.isNaN }.sorted()
    return sorted.isEmpty ? nil : Double(sorted[(sorted.count - 1) / 2])
  }
}
