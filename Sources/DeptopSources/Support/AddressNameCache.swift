package import DeptopModel

/// The names that reverse look-ups gave, and when each address is looked up again.
package struct AddressNameCache: Sendable {
  package typealias Instant = ContinuousClock.Instant

  /// Addresses that are kept, with or without a name.
  package static let limit = 4096
  /// How long a name counts at least, and how long an address without one is not asked for again.
  package static let minimumAge = Duration.seconds(600)
  /// How long a name counts at most, whatever its TTL.
  package static let maximumAge = Duration.seconds(86_400)

  private struct Entry {
    var name: String?
    var dueAt: Instant
  }

  private var entries: [IPAddress: Entry] = [:]

  package init() {}

  package var names: [IPAddress: String] { entries.compactMapValues(\.name) }

  /// The addresses whose time has come: unknown ones first, then the ones that have been due for the longest time.
  ///
  /// What is not given any more is kept until it is due, and goes first when there is no room.
  package mutating func due(of addresses: Set<IPAddress>, at now: Instant) -> [IPAddress] {
    entries = entries.filter { addresses.contains($0.key) || $0.value.dueAt > now }
    let unknown = addresses.filter { entries[$0] == nil }.sorted()
    makeRoom(for: unknown.count, keeping: addresses)
    let known = addresses.compactMap { address in entries[address].map { (at: $0.dueAt, address: address) } }
    let due = known.filter { $0.at <= now }.sorted { ($0.at, $0.address) < ($1.at, $1.address) }
    return unknown.prefix(max(0, AddressNameCache.limit - entries.count)) + due.map(\.address)
  }

  private mutating func makeRoom(for count: Int, keeping addresses: Set<IPAddress>) {
    let excess = min(entries.count, entries.count + count - AddressNameCache.limit)
    guard excess > 0 else { return }
    let gone = entries.filter { !addresses.contains($0.key) }
    let first = gone.sorted { ($0.value.dueAt, $0.key) < ($1.value.dueAt, $1.key) }.prefix(excess)
    for (address, _) in first { entries[address] = nil }
  }

  /// Takes what was found; where nobody answered, the name that was known stays.
  package mutating func record(_ found: [IPAddress: ReverseLookup.Outcome], at now: Instant) {
    for (address, outcome) in found where entries[address] != nil || entries.count < AddressNameCache.limit {
      switch outcome {
      case .name(let name, let ttl):
        let age = min(max(ttl, AddressNameCache.minimumAge), AddressNameCache.maximumAge)
        entries[address] = Entry(name: name, dueAt: now + age)
      case .unnamed: entries[address] = Entry(name: nil, dueAt: now + AddressNameCache.minimumAge)
      case .failed:
        entries[address] = Entry(name: entries[address]?.name, dueAt: now + AddressNameCache.minimumAge)
      }
    }
  }
}
