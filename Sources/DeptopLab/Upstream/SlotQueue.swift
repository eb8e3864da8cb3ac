internal import NIOCore

/// Work that waits for one of some slots, first come, first served.
///
/// A value: it decides, and does nothing.
struct SlotQueue<Work> {
  private(set) var waiting = CircularBuffer<Work>()
  /// Slots that are taken.
  private(set) var busy = 0

  mutating func add(_ work: Work) {
    waiting.append(work)
  }

  /// True when one more would neither find a free slot nor a place to wait in.
  func isFull(slots: Int, places: Int) -> Bool {
    busy >= slots && waiting.count >= places
  }

  /// The next in turn, without a slot; nil when nobody waits or every slot is taken.
  mutating func next(slots: Int) -> Work? {
    busy < slots ? waiting.popFirst() : nil
  }

  mutating func takeSlot() {
    busy += 1
  }

  mutating func freeSlot() {
    busy -= 1
  }
}
