internal import CClient
internal import Glibc
internal import Synchronization

/// One dependency's counters, a shard for each processor, so that threads do not write to the same cache line.
///
/// The memory is mapped once, 44 KiB a shard; the kernel gives pages only for what is counted: 8 KiB a shard when only
/// response times are recorded, 44 KiB when every phase is. There are as many shards as processors, up to the next
/// power of two, and at most 16.
///
/// A plain value, so that counting retains nothing: its one owner, a ``MonitoredDependency``, releases the memory.
@safe struct Ledger: Sendable {
  static let mostShards = 16

  // The pointers are Sendable in fact: they are set once, the tables are never written, and all counters are atomic.
  nonisolated(unsafe) private let counters: UnsafeMutablePointer<Atomic<UInt64>>
  nonisolated(unsafe) private let bounds: UnsafeBufferPointer<UInt64>
  nonisolated(unsafe) private let firsts: UnsafeBufferPointer<UInt16>
  let shards: Int
  private let mask: Int

  /// Maps the memory.
  ///
  /// - Returns: nil when the system has none.
  init?(table: BucketTable, processors: Int = sysconf(Int32(_SC_NPROCESSORS_CONF))) {
    var shards = 1
    while shards < min(processors, Ledger.mostShards) { shards *= 2 }
    let bytes = shards * CounterLayout.shardWords * CounterLayout.wordBytes
    let protection = PROT_READ | PROT_WRITE
    let memory = unsafe mmap(nil, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    // Zeroed memory is what Atomic(0) is: initialising each would touch every page.
    unsafe counters = memory.bindMemory(to: Atomic<UInt64>.self, capacity: bytes / CounterLayout.wordBytes)
    unsafe bounds = Ledger.copy(table.upperBounds)
    unsafe firsts = Ledger.copy(table.firstBuckets)
    self.shards = shards
    mask = shards - 1
  }

  /// Gives the memory back; nothing may be counted any more.
  func release() {
    unsafe munmap(counters, shards * CounterLayout.shardWords * CounterLayout.wordBytes)
    unsafe bounds.deallocate()
    unsafe firsts.deallocate()
  }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = unsafe buffer.initialize(from: elements)
    return UnsafeBufferPointer(buffer)
  }

  /// The first word of the shard of the processor that this thread runs on.
  ///
  /// The thread may move at any moment: the counters are atomic, so that only costs time.
  @inline(__always)
  var shard: Int { (Int(truncatingIfNeeded: cclient_processor()) & mask) &* CounterLayout.shardWords }

  /// Counts in a shard.
  @inline(__always)
  func add(_ amount: UInt64, at word: Int) {
    unsafe counters[word].wrappingAdd(amount, ordering: .relaxed)
  }

  /// Counts a time in one of a shard's histograms.
  @inline(__always)
  func add(nanoseconds: UInt64, toHistogramAt word: Int) {
    let offset = unsafe BucketTable.offset(of: nanoseconds, bounds: bounds, firsts: firsts)
    add(1, at: word &+ offset)
  }

  @inline(__always)
  func load(_ word: Int) -> UInt64 { unsafe counters[word].load(ordering: .relaxed) }

  @inline(__always)
  func store(_ value: UInt64, at word: Int) { unsafe counters[word].store(value, ordering: .relaxed) }

  /// Sets bits; answers what was there.
  func set(bits: UInt64, at word: Int) -> UInt64 {
    unsafe counters[word].bitwiseOr(bits, ordering: .acquiringAndReleasing).oldValue
  }

  func clear(bits: UInt64, at word: Int) {
    unsafe counters[word].bitwiseAnd(~bits, ordering: .releasing)
  }
}
