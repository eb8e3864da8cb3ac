package import DeptopModel

/// Finds out which process holds a connection, from the descriptors of all processes.
///
/// Where several processes share a socket, the one with the lowest id counts: it is the parent as a rule. Reading the
/// descriptors of a whole host is dear, so it is done only when a socket turns up that was not looked for yet, seldom
/// enough to take no more than a small share of the time, and in slices that a sweep can wait for. A socket that no
/// readable process holds is not looked for again until everything is read afresh.
package struct SocketOwners: Sendable {
  /// What looking for owners may cost.
  package struct Limits: Sendable, Hashable {
    /// How long one call may read; a longer search goes on in the next call.
    package var slice: Duration = .milliseconds(100)
    /// A search that took one second is followed by a pause of this many seconds.
    package var pauseFactor = 100
    /// After this long everything is looked for again: processes change their names and pass sockets on.
    package var refreshInterval: Duration = .seconds(60)

    package init() {}
  }

  /// Asks somebody with more rights who holds sockets, by their inodes.
  package typealias Question = ([UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner]

  let files: ProcessFiles
  let limits: Limits
  let now: @Sendable () -> ContinuousClock.Instant

  var owners: [UInt32: SocketOwner] = [:]
  /// Looked for in every process, and not found.
  var ownerless: Set<UInt32> = []
  var search: OwnerSearch?
  /// Whether what is known are answers, and not what one's own search has found.
  var hasAnswers = false
  /// Why the last question was refused; nil when it was not.
  var refusal: HostAccessError?
  /// A question that was refused is not asked again before.
  var askAgainAt: ContinuousClock.Instant?
  var nextSearchAt: ContinuousClock.Instant?
  var refreshAt: ContinuousClock.Instant?

  package init(
    files: ProcessFiles = ProcessFiles(), limits: Limits = Limits(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.files = files
    self.limits = limits
    self.now = now
  }

  /// How many sockets are remembered, with and without an owner.
  package var count: Int { owners.count + ownerless.count }

  /// Fills in the owner of each connection, as far as it is known by now.
  ///
  /// - Parameters:
  ///   - connections: all that there are: what is not among them is forgotten.
  ///   - question: asked in place of a search of one's own, within the same limits; nil when there is nobody to ask.
  package mutating func assign(to connections: inout [ObservedConnection], asking question: Question? = nil) {
    forgetEndedProcesses()
    let known = fill(&connections)
    if known.remembered < count { forgetAll(but: connections) }
    let hasNews: Bool
    if let question {
      hasNews = ask(question, about: connections, hasNew: known.hasNew)
    } else {
      (hasAnswers, refusal, askAgainAt) = (false, nil, nil)
      hasNews = advanceSearch(for: connections, hasNew: known.hasNew)
    }
    if hasNews { _ = fill(&connections) }
  }

  /// Copies what is known; tells how many of the sockets are remembered and whether one was never looked for.
  private func fill(_ connections: inout [ObservedConnection]) -> (remembered: Int, hasNew: Bool) {
    var remembered = 0
    var hasNew = false
    for index in connections.indices {
      let inode = connections[index].sample.inode
      // The kernel's word for a socket that no process holds any more.
      guard inode != 0 else { continue }
      if let owner = owners[inode] {
        connections[index].owner = owner
        remembered += 1
      } else if ownerless.contains(inode) {
        remembered += 1
      } else {
        hasNew = true
      }
    }
    return (remembered, hasNew)
  }

  private mutating func forgetEndedProcesses() {
    let ended = Set(owners.values.lazy.map(\.pid)).filter { !files.exists($0) }
    if !ended.isEmpty { owners = owners.filter { !ended.contains($0.value.pid) } }
  }

  private mutating func forgetAll(but connections: [ObservedConnection]) {
    let present = Self.inodes(of: connections)
    owners = owners.filter { present.contains($0.key) }
    ownerless.formIntersection(present)
  }

  /// Reads on, or begins to, if it is time; true when a search ended and there may be news.
  mutating func advanceSearch(for connections: [ObservedConnection], hasNew: Bool) -> Bool {
    let start = now()
    var current: OwnerSearch
    if let search {
      current = search
    } else {
      let isDue = hasNew && nextSearchAt.map { $0 <= start } ?? true
      guard isDue || refreshAt.map({ $0 <= start }) ?? false else { return false }
      current = OwnerSearch(for: Self.inodes(of: connections), among: files.processes())
    }
    current.advance(in: files) { start.duration(to: now()) < limits.slice }
    let end = now()
    current.timeSpent += start.duration(to: end)
    guard current.isOver else {
      search = current
      return false
    }
    search = nil
    nextSearchAt = end + current.timeSpent * limits.pauseFactor
    refreshAt = end + limits.refreshInterval
    owners.merge(current.owners) { _, new in new }
    ownerless = current.missing
    for inode in ownerless { owners[inode] = nil }
    return true
  }

  static func inodes(of connections: [ObservedConnection]) -> Set<UInt32> {
    Set(connections.lazy.map(\.sample.inode).filter { $0 != 0 })
  }
}
