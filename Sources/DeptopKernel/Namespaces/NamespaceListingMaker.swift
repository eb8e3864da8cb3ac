internal import DeptopModel
internal import Glibc

/// Lists the network namespaces and reads what is told of each.
///
/// Blocks.
struct NamespaceListingMaker: Sendable {
  private let access: (any HostAccess)?
  private let files: ProcessFiles
  private var histories: [NamespaceID: CounterHistory] = [:]
  private var number = 0
  /// The last listing for which the helper answered.
  private var last: (listing: NamespaceListing, at: WallTime)?

  /// How long the namespaces stay that a helper has listed which does not answer any more.
  private static let lifeOfLast = Duration.seconds(30)

  init(access: (any HostAccess)?, files: ProcessFiles) {
    self.access = access
    self.files = files
  }

  /// Lists them.
  ///
  /// - Parameters:
  ///   - time: Now.
  ///   - speakers: A process with outbound connections in each namespace that has one: containers share a network
  ///     namespace and have files of their own, so that any process will not do.
  /// - Returns: All of them; for a while those of the last listing, when the helper does not answer.
  mutating func list(at time: WallTime, speakers: [NamespaceID: Int32]) -> NamespaceListing {
    number += 1
    let survey = NamespaceSurvey(asking: access, files: files)
    if !survey.isAnswering, var listing = last?.listing, let lastAt = last?.at, time - lastAt < Self.lifeOfLast {
      listing.problem = survey.problem
      listing.number = number
      return listing
    }
    let listing = listing(of: survey, at: time, speakers)
    last = survey.isAnswering ? (listing, time) : nil
    return listing
  }

  private mutating func listing(
    of survey: NamespaceSurvey, at time: WallTime, _ speakers: [NamespaceID: Int32]
  ) -> NamespaceListing {
    let own = ownFacts(in: survey)
    var helper = survey.isAnswering ? access : nil
    // Where owners cannot be told, the first process has to do.
    let hasOwners = survey.abilities.map { $0.reasonAgainst(.processes) == nil } ?? false
    let others = survey.others.map { record in
      facts(of: record, speaker: speakers[record.id] ?? (hasOwners ? nil : record.first.pid), asking: &helper)
    }
    histories = histories.filter { id, _ in id == .own || survey.others.contains { $0.id == id } }
    return NamespaceListing(
      own: counted(own, at: time), others: others.map { counted($0, at: time) }.sorted { $0.id < $1.id },
      abilities: survey.abilities, problem: survey.problem, number: number)
  }

  private func ownFacts(in survey: NamespaceSurvey) -> NamespaceFacts {
    let pid = getpid()
    let first = survey.own?.first ?? SocketOwner(pid: pid, process: files.name(of: pid) ?? "deptopd")
    // The first process of the host, and the kernel's own, are in the namespace that the host started with.
    let isHost = survey.others.isEmpty || first.pid == 1 || first.process == "kthreadd"
    var facts = NamespaceFacts(
      id: .own, label: isHost ? "host" : place(of: first), pid: first.pid, processes: survey.own?.processes)
    facts.resolverText = ProcFile.text("/etc/resolv.conf")
    facts.limits = NamespaceLimits(readingFrom: "/proc/sys/net")
    return facts
  }

  /// What is told of a namespace; the helper is set to nil when it stops to answer, so that it is not waited for once for
  /// each namespace.
  private func facts(
    of record: NamespaceRecord, speaker: Int32?, asking helper: inout (any HostAccess)?
  ) -> NamespaceFacts {
    var facts = NamespaceFacts(
      id: record.id, label: place(of: record.first), pid: record.first.pid, processes: record.processes)
    facts.speaker = speaker
    facts.resolverText = Self.answer(of: &helper) { access throws(HostAccessError) in
      try access.text(of: .resolver, process: speaker ?? record.first.pid)
    }?.map { String(decoding: $0, as: UTF8.self) }
    facts.limits = Self.answer(of: &helper) { access throws(HostAccessError) in
      NamespaceLimits(try access.settings(of: record.id))
    }
    return facts
  }

  /// nil for what the helper refuses or cannot tell: it is then shown as not known.
  private static func answer<Answer>(
    of helper: inout (any HostAccess)?, to question: (any HostAccess) throws(HostAccessError) -> Answer
  ) -> Answer? {
    guard let access = helper else { return nil }
    do throws(HostAccessError) {
      return try question(access)
    } catch {
      if !error.isRefusal { helper = nil }
      return nil
    }
  }

  private func place(of process: SocketOwner) -> String {
    var process = process
    process.unit = process.unit ?? files.unit(of: process.pid)
    return process.place
  }

  private mutating func counted(_ facts: NamespaceFacts, at time: WallTime) -> NamespaceFacts {
    var facts = facts
    let directory = "\(files.root)/\(facts.id == .own ? "self" : "\(facts.pid)")/net"
    var history = histories[facts.id] ?? CounterHistory()
    if let snmp = ProcFile.text("\(directory)/snmp"),
      let counters = KernelCounters(snmp: snmp, netstat: ProcFile.text("\(directory)/netstat") ?? "")
    {
      history.add(counters, at: time)
    }
    histories[facts.id] = history
    facts.counters = history.total
    facts.lastMinute = history.lastMinute
    return facts
  }
}

extension HostAccessError {
  /// True when the helper answers and says no: asking it something else is worth while.
  var isRefusal: Bool {
    if case .refused = self { true } else { false }
  }
}
