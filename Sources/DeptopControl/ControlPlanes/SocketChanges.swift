internal import DeptopKernel
internal import DeptopModel

/// What a plan has changed on sockets for the time of the action, until it is put back.
struct SocketChanges: Sendable {
  /// Something that could not be put back, and why.
  struct Unrestored: Sendable, Hashable {
    var treatment: SocketTreatment
    /// What it was; nil when that is not known.
    var before: Int32?
    var reason: String
  }

  /// TCP_USER_TIMEOUT in milliseconds before, for those on which it is still changed.
  private(set) var userTimeouts: [UInt64: Int32] = [:]
  /// Keepalive idle time in seconds before, 0 for off, for those on which it is still the one for proving.
  private(set) var keepalives: [UInt64: Int32] = [:]
  /// Those with the keepalive that stays.
  private(set) var kept: [UInt64: Int32] = [:]
  /// Those that have their own user timeout again.
  private(set) var restored: Set<UInt64> = []
  /// What was asked for without an answer: it may have been done or not.
  private(set) var uncertain: [UInt64: SocketTreatment] = [:]
  /// What the privileged side refused to put back.
  private(set) var unrestored: [UInt64: Unrestored] = [:]
  /// Those whose user timeout is off now because nobody knows what it was.
  private(set) var cleared: Set<UInt64> = []
  /// How often an uncertain user timeout was asked to be taken away.
  private var clearings: [UInt64: Int] = [:]

  mutating func take(_ answer: SocketAnswer, of cookie: UInt64, to treatment: SocketTreatment) {
    switch answer {
    case .pending: uncertain[cookie] = treatment
    case .notCarriedOut, .outcome(.gone), .outcome(.refused): uncertain[cookie] = nil
    case .outcome(.done(let before)):
      uncertain[cookie] = nil
      // What it was is told by the first answer only: a later one would tell deptop's own value.
      if treatment == .userTimeout, userTimeouts[cookie] == nil { userTimeouts[cookie] = before }
      if treatment == .keepalive, keepalives[cookie] == nil { keepalives[cookie] = before }
    }
  }

  /// Takes the answer to putting a user timeout back.
  mutating func restore(_ outcome: RepairOutcome, of cookie: UInt64) {
    let before = userTimeouts.removeValue(forKey: cookie)
    switch outcome {
    case .done: restored.insert(cookie)
    case .gone: break
    case .refused(let reason):
      unrestored[cookie] = Unrestored(treatment: .userTimeout, before: before, reason: reason)
    }
  }

  /// Takes the answer to taking a user timeout away of which it is not known whether deptop set it.
  ///
  /// The value that was found there tells: anything but deptop's own is the socket's, and has to be put back.
  mutating func clear(_ answer: SocketAnswer, of cookie: UInt64) {
    switch answer {
    case .pending: clearings[cookie, default: 0] += 1
    case .notCarriedOut: clearings[cookie, default: 1] -= 1
    case .outcome(.gone): uncertain[cookie] = nil
    case .outcome(.refused(let reason)):
      uncertain[cookie] = nil
      unrestored[cookie] = Unrestored(treatment: .userTimeout, before: nil, reason: reason)
    case .outcome(.done(let found)):
      uncertain[cookie] = nil
      // An earlier request without an answer may have taken it away: then what is found tells nothing.
      guard clearings[cookie] == 1, found != SocketPace.userTimeout else {
        cleared.insert(cookie)
        return
      }
      if found != 0 { userTimeouts[cookie] = found }
    }
  }

  /// Takes the answer to the keepalive that stays; a refusal on one that was never changed is the caller's to tell.
  mutating func stay(_ idle: Int32, _ outcome: RepairOutcome, of cookie: UInt64) {
    let before = keepalives.removeValue(forKey: cookie)
    let wasUncertain = uncertain[cookie] == .keepalive
    if wasUncertain { uncertain[cookie] = nil }
    switch outcome {
    case .gone: break
    case .done(let found):
      kept[cookie] = idle
      // The proof did not reach it, and its own time is the shorter one: that has to be put back.
      if wasUncertain, found > SocketPace.provingIdle, found < idle { keepalives[cookie] = found }
    case .refused(let reason):
      guard before != nil || wasUncertain else { return }
      unrestored[cookie] = Unrestored(treatment: .keepalive, before: before, reason: reason)
    }
  }

  /// True when keepalive for proving is on it, or may be.
  func mayBeProving(_ cookie: UInt64) -> Bool { keepalives[cookie] != nil || uncertain[cookie] == .keepalive }
}

extension SocketChanges {
  /// What is not as it was, with numbers and values, for the sockets that may still be there.
  func notes(of cookies: [UInt64]) -> [String] {
    let cookies = Set(cookies)
    let silent = "deptop-helper did not answer"
    var stuck = unrestored.filter { cookies.contains($0.key) }.map(\.value)
    stuck += userTimeouts.filter { cookies.contains($0.key) }.map {
      Unrestored(treatment: .userTimeout, before: $0.value, reason: silent)
    }
    stuck += keepalives.filter { cookies.contains($0.key) }.map {
      Unrestored(treatment: .keepalive, before: $0.value, reason: silent)
    }
    var notes = Dictionary(grouping: stuck, by: \.inWords).sorted { $0.key < $1.key }.map {
      "could not put back \($0.value.count): \($0.key)"
    }
    let asked = Dictionary(grouping: uncertain.filter { cookies.contains($0.key) }.values) { $0.changeInWords }
    if !asked.isEmpty {
      let number = asked.values.reduce(0) { $0 + $1.count }
      let changes = asked.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.count)" }.joined(separator: ", ")
      notes.append("whether \(number) were changed is not known: \(silent) (\(changes))")
    }
    let off = cleared.intersection(cookies).count
    if off > 0 { notes.append("the user timeout of \(off) is off now: what it was is not known, as \(silent)") }
    return notes
  }
}

extension SocketChanges.Unrestored {
  fileprivate var inWords: String {
    let unit = treatment == .userTimeout ? "ms" : "s"
    let old = before.map { $0 > 0 ? " instead of \($0) \(unit)" : " instead of none" } ?? ""
    let left = before == nil ? "may still be on" : "stays on"
    return "\(treatment.changeInWords) \(left)\(old): \(reason)"
  }
}

extension SocketTreatment {
  fileprivate var changeInWords: String {
    switch self {
    case .keepalive: "keepalive of \(SocketPace.provingIdle) s"
    case .userTimeout: "user timeout of \(SocketPace.userTimeout) ms"
    case .destroy: "closed"
    case .discoveryOff: "path-MTU discovery off"
    }
  }
}
