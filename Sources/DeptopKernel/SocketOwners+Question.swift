internal import DeptopModel

extension SocketOwners {
  /// How many sockets one question is about.
  private static let inodesAtOnce = 4_096

  /// Asks about what is new, or about everything, if it is time; true when there may be news.
  ///
  /// When the question fails, one's own search takes its place; after a refusal that took its time, for as long as the
  /// pause after an answer would have been.
  mutating func ask(
    _ question: Question, about connections: [ObservedConnection], hasNew: Bool
  ) -> Bool {
    let start = now()
    if let askAgainAt, askAgainAt > start { return advanceSearch(for: connections, hasNew: hasNew) }
    let isAfresh = !hasAnswers || refreshAt.map { $0 <= start } ?? true
    guard isAfresh || hasNew && nextSearchAt.map({ $0 <= start }) ?? true else { return false }
    let all = Self.inodes(of: connections)
    let wanted = isAfresh ? all : all.filter { owners[$0] == nil && !ownerless.contains($0) }
    do throws(HostAccessError) {
      let found = try Self.answers(to: question, about: wanted.sorted())
      for inode in wanted { owners[inode] = nil }
      owners.merge(identified(found)) { _, new in new }
      ownerless = (isAfresh ? [] : ownerless).union(wanted.filter { found[$0] == nil })
    } catch {
      hasAnswers = false
      refusal = error.isRefusal ? error : nil
      let end = now()
      askAgainAt = error.isRefusal ? end + start.duration(to: end) * limits.pauseFactor : nil
      return advanceSearch(for: connections, hasNew: hasNew)
    }
    (hasAnswers, search, refusal, askAgainAt) = (true, nil, nil, nil)
    let end = now()
    nextSearchAt = end + start.duration(to: end) * limits.pauseFactor
    if isAfresh { refreshAt = end + limits.refreshInterval }
    return true
  }

  private static func answers(
    to question: Question, about inodes: [UInt32]
  ) throws(HostAccessError) -> [UInt32: SocketOwner] {
    var found: [UInt32: SocketOwner] = [:]
    for first in stride(from: 0, to: inodes.count, by: inodesAtOnce) {
      found.merge(try question(Array(inodes[first..<min(first + inodesAtOnce, inodes.count)]))) { old, _ in old }
    }
    return found
  }

  /// The owners with start and service, each process looked at once.
  private func identified(_ found: [UInt32: SocketOwner]) -> [UInt32: SocketOwner] {
    var processes: [Int32: SocketOwner] = [:]
    return found.mapValues { owner in
      if let known = processes[owner.pid] { return known }
      let whole = files.identified(owner)
      processes[owner.pid] = whole
      return whole
    }
  }
}

extension ProcessFiles {
  /// The process with its start and its service, where those are not known yet.
  func identified(_ owner: SocketOwner) -> SocketOwner {
    var owner = owner
    owner.startedAt = owner.startedAt ?? startTime(of: owner.pid)
    owner.unit = owner.unit ?? unit(of: owner.pid)
    return owner
  }
}
