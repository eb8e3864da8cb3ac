internal import DeptopModel

/// Tells new points of a stream from repeated ones, and a continued count from one that began anew.
struct StreamClock {
  /// Times of deltas that are remembered; a delta older than all of them comes too late to be told from a repeated one.
  private static let timesKept = 64

  private var latest: WallTime?
  private var start: WallTime?
  private var deltaTimes: [WallTime] = []

  /// What a point is to its stream.
  enum Step {
    case next, restarted, duplicate
  }

  /// Takes a point's times; without any, every point is a new one.
  mutating func step(time: WallTime?, start: WallTime?, temporality: Temporality) -> Step {
    temporality == .delta ? delta(time) : cumulative(time, start)
  }

  private mutating func cumulative(_ time: WallTime?, _ start: WallTime?) -> Step {
    if let time {
      if let latest, time <= latest { return .duplicate }
      latest = time
    }
    defer { self.start = start ?? self.start }
    guard let start, let before = self.start else { return .next }
    return start == before ? .next : .restarted
  }

  private mutating func delta(_ time: WallTime?) -> Step {
    guard let time else { return .next }
    if deltaTimes.count == StreamClock.timesKept, let oldest = deltaTimes.first, time < oldest { return .duplicate }
    let place = deltaTimes.firstIndex { $0 >= time } ?? deltaTimes.count
    if place < deltaTimes.count, deltaTimes[place] == time { return .duplicate }
    deltaTimes.insert(time, at: place)
    if deltaTimes.count > StreamClock.timesKept { deltaTimes.removeFirst() }
    return .next
  }
}
