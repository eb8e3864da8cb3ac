/// Events in the order of their time, of which old ones can be forgotten.
struct LedgerTimeline<Event: Sendable>: Sendable {
  struct Entry: Sendable {
    var at: Int64
    var event: Event
  }

  private var entries: [Entry] = []

  /// Adds an event in its place.
  mutating func add(_ event: Event, at time: Int64) {
    let entry = Entry(at: time, event: event)
    guard let last = entries.last, last.at > time else { return entries.append(entry) }
    entries.insert(entry, at: place(of: time))
  }

  /// The events of a half-open window; none for one that ends before it begins.
  func window(from: Int64, to: Int64) -> ArraySlice<Entry> {
    from <= to ? entries[place(of: from)..<place(of: to)] : []
  }

  /// Forgets what was before a moment, and answers it.
  mutating func forget(before time: Int64) -> [Event] {
    let count = place(of: time)
    let forgotten = entries[..<count].map(\.event)
    entries.removeFirst(count)
    return forgotten
  }

  var count: Int { entries.count }

  /// The index of the first event that is not before a moment.
  private func place(of time: Int64) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].at < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
