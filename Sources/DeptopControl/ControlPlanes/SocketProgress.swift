internal import DeptopKernel
internal import DeptopModel

/// What has been done of one plan, and what has to be put back.
struct SocketProgress: Sendable {
  /// Which of the plan's connections became what, by cookie.
  private(set) var done: [UInt64: SocketTreatment] = [:]
  /// Gone before they were treated.
  private(set) var gone: Set<UInt64> = []
  /// Why the privileged side left one alone.
  private(set) var refused: [UInt64: String] = [:]
  /// Not closed because they were taken into use.
  var spared: Set<UInt64> = []
  /// What was changed for the time of the action.
  private(set) var changes = SocketChanges()
  /// Usable connections when it began.
  var live: Int?
  /// True when all namespaces were read when those were counted.
  var isLiveWhole = false
  /// Looks in a row at which closed connections were not replaced.
  var looksWithoutReplacement = 0
  /// Callers waiting when it began, and looks in a row at which more were.
  var callersWaiting: Int?
  var looksWithMoreWaiting = 0
  /// Looks in a row at which all that is left to do is in namespaces that are not read.
  var looksWithoutReading = 0
  /// The step at which the latest connection was treated.
  var treatedAt = 0
  /// The step until which a late retransmission is waited for; nil when none is.
  var waitsUntil: Int?
  /// Announcements made to the privileged side, each of which allows every socket once.
  var announcements = 0
  var isFinished = false

  /// Takes what the privileged side answered to one step of the plan.
  mutating func take(_ answer: SocketAnswer, of cookie: UInt64, to treatment: SocketTreatment) {
    changes.take(answer, of: cookie, to: treatment)
    switch answer {
    case .pending, .notCarriedOut: break
    case .outcome(.gone): gone.insert(cookie)
    case .outcome(.refused(let reason)): refused[cookie] = reason
    case .outcome(.done): done[cookie] = treatment
    }
  }

  /// Takes the answer to putting a user timeout back.
  mutating func restore(_ answer: SocketAnswer, of cookie: UInt64) {
    guard case .outcome(let outcome) = answer else { return }
    changes.restore(outcome, of: cookie)
    if outcome == .gone { gone.insert(cookie) }
  }

  /// Takes the answer to taking a user timeout away of which it is not known whether deptop set it.
  mutating func clear(_ answer: SocketAnswer, of cookie: UInt64) {
    changes.clear(answer, of: cookie)
    if answer == .outcome(.gone) { gone.insert(cookie) }
  }

  /// Takes the answer to the keepalive that stays.
  mutating func stay(_ idle: Int32, _ answer: SocketAnswer, of cookie: UInt64) {
    guard case .outcome(let outcome) = answer else { return }
    changes.stay(idle, outcome, of: cookie)
    switch outcome {
    case .done: break
    case .gone: gone.insert(cookie)
    case .refused(let reason) where changes.unrestored[cookie] == nil:
      refused[cookie] = "it gets no keepalive that stays: \(reason)"
    case .refused: break
    }
  }

  /// Leaves one alone that has not had its turn.
  mutating func leave(_ cookie: UInt64, _ reason: String) {
    if !isHandled(cookie) { refused[cookie] = reason }
  }

  /// Closed by the plan's own steps, or gone before.
  var closed: Set<UInt64> { gone.union(done.filter { $0.value == .destroy }.keys) }

  /// True when a target has had its turn.
  func isHandled(_ cookie: UInt64) -> Bool {
    done[cookie] != nil || gone.contains(cookie) || refused[cookie] != nil || spared.contains(cookie)
  }

  /// `1 closed, 2 refused (…)`, for the treatments of one step.
  func summary(of cookies: [UInt64]) -> String {
    let treated = cookies.compactMap { done[$0] }
    var parts = SocketTreatment.allInOrder.compactMap { treatment in
      let number = treated.count { $0 == treatment }
      return number > 0 ? "\(treatment.doneInWords) \(number)" : nil
    }
    let missing = cookies.count { gone.contains($0) }
    if missing > 0 { parts.append("\(missing) had closed already") }
    parts += refusals(of: cookies)
    return parts.isEmpty ? "nothing was left to do" : parts.joined(separator: ", ")
  }

  /// The reasons why connections were left alone, each with their number.
  func refusals(of cookies: [UInt64]) -> [String] {
    let reasons = Dictionary(grouping: cookies.compactMap { refused[$0] }, by: { $0 })
    return reasons.sorted { $0.key < $1.key }.map { "left \($0.value.count) alone: \($0.key)" }
  }
}

extension SocketTreatment {
  fileprivate static let allInOrder: [SocketTreatment] = [.destroy, .userTimeout, .discoveryOff, .keepalive]

  fileprivate var doneInWords: String {
    switch self {
    case .keepalive: "set keepalive on"
    case .userTimeout: "set the kernel to give up at the next retransmission on"
    case .destroy: "closed"
    case .discoveryOff: "switched path-MTU discovery off on"
    }
  }

  /// The step of the privileged side that does it.
  var step: RepairStep {
    switch self {
    case .keepalive:
      .keepalive(idle: SocketPace.provingIdle, interval: SocketPace.provingInterval, probes: SocketPace.probes)
    case .userTimeout: .userTimeout(milliseconds: SocketPace.userTimeout)
    case .destroy: .destroy
    case .discoveryOff: .discoveryOff
    }
  }
}

extension PlanTarget {
  /// The socket's cookie; 0 for a target that names no socket, which the privileged side cannot treat.
  var cookieNumber: UInt64 { socket?.cookie ?? 0 }
}
