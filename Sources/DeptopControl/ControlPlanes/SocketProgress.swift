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
  /// TCP_USER_TIMEOUT in milliseconds before, for those on which it is still changed.
  private(set) var userTimeouts: [UInt64: Int32] = [:]
  /// Keepalive idle time in seconds before, 0 for off, for those on which it is still the one for proving.
  private(set) var keepalives: [UInt64: Int32] = [:]
  /// Those with the keepalive that stays.
  private(set) var kept: [UInt64: Int32] = [:]
  /// Usable connections when it began.
  var live: Int?
  /// Looks in a row at which closed connections were not replaced.
  var looksWithoutReplacement = 0
  /// Callers waiting when it began, and looks in a row at which more were.
  var callersWaiting: Int?
  var looksWithMoreWaiting = 0
  /// Announcements made to the privileged side, each of which allows every socket once.
  var announcements = 0
  var isFinished = false

  /// Takes what the privileged side answered to one step of the plan.
  mutating func take(_ outcome: RepairOutcome, of cookie: UInt64, to treatment: SocketTreatment) {
    switch outcome {
    case .gone: gone.insert(cookie)
    case .refused(let reason): refused[cookie] = reason
    case .done(let before):
      done[cookie] = treatment
      // What it was is told by the first answer only: a later one would tell deptop's own value.
      if treatment == .userTimeout, userTimeouts[cookie] == nil { userTimeouts[cookie] = before }
      if treatment == .keepalive, keepalives[cookie] == nil { keepalives[cookie] = before }
    }
  }

  /// Takes the answer to putting a user timeout back.
  mutating func restored(_ outcome: RepairOutcome, of cookie: UInt64) {
    userTimeouts[cookie] = nil
    if case .refused(let reason) = outcome { refused[cookie] = "its user timeout stays at 2 s: \(reason)" }
  }

  /// Takes the answer to the keepalive that stays.
  mutating func stays(_ idle: Int32, _ outcome: RepairOutcome, of cookie: UInt64) {
    keepalives[cookie] = nil
    switch outcome {
    case .done: kept[cookie] = idle
    case .gone: gone.insert(cookie)
    case .refused(let reason): refused[cookie] = "it keeps the keepalive of the proof: \(reason)"
    }
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
