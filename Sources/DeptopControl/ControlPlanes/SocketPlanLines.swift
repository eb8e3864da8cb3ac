internal import DeptopKernel
internal import DeptopModel

/// What the operator reads of a repair before saying yes.
struct SocketPlanLines {
  let request: PlanRequest
  let selection: SocketSelection
  let detail: DependencyDetail
  let means: SocketMeans

  private var method: RepairMethod { request.repair ?? .prove }

  var lines: [PlanLine] {
    let texts: [(String, String?)] =
      switch method {
      case .prove: proving
      case .close: closing
      case .unstick: unsticking
      }
    let common: [(String, String?)] = [
      ("keeps", keeps), ("cannot", unowned), ("cannot", undestroyable), ("risk", risk),
    ]
    return (texts + common).compactMap { label, text in text.map { PlanLine(label, $0) } }
  }

  /// How risky it is: anything that is closed without the pool's word that it is idle may carry a request.
  var confirmation: Plan.Confirmation {
    guard method == .close else { return .key }
    return uncertain.isEmpty && !closesInUse ? .key : .typeName
  }

  private var proving: [(String, String?)] {
    let proved = chosen(.keepalive)
    let staying = detail.stayingKeepalive
    return [
      ("closes now", closesDead),
      ("proves", proved.isEmpty ? nil : provesText(proved)),
      (
        "pace", "at once; the kernel's table is read each second, for \(SocketPace.provingLooks) s at the most\(longer)"
      ),
      ("cannot", waiting(proved)),
      ("stays", "\(staying.inWords) on those that live, until they close"),
      (
        "not cured",
        SocketDurableSetting.keepalive(staying, owners: detail.ownerNames, kind: detail.dependency.kind)
      ),
    ]
  }

  private var unsticking: [(String, String?)] {
    let holes = chosen(.discoveryOff)
    let sizes = Set(holes.compactMap(\.connection.signals.meanRetransmit)).sorted().map { "\($0) bytes" }
    return [
      (
        "frees",
        holes.isEmpty
          ? nil
          : "\(count(holes.count)) whose full-size packets are lost (\(sizes.joined(separator: ", "))): path-MTU "
            + "discovery is switched off on them, so that routers may split what they send"
      ),
      ("closes now", closesDead),
      ("pace", "at once; each takes effect at its next retransmission\(latestDue(holes))"),
      ("not cured", holes.isEmpty ? nil : SocketDurableSetting.packetSize),
    ]
  }

  private var closing: [(String, String?)] {
    let dead = selection.chosen.filter { $0.connection.isDead }
    let forgotten = selection.chosen.filter { !$0.connection.isDead && $0.connection.isForgotten }
    let live = living
    let batch = SocketBatch.size(live: selection.live)
    let (lost, uncertain) = (live.count { $0.connection.isInUse }, uncertain.count)
    return [
      ("closes now", dead.isEmpty ? nil : "\(count(dead.count)) on which nothing comes back"),
      ("closes now", forgotten.isEmpty ? nil : "\(count(forgotten.count)) that the peer closed over 5 min ago"),
      ("closes", live.isEmpty ? nil : "\(count(live.count)) that still work, by SOCK_DESTROY"),
      (
        "pace",
        live.isEmpty
          ? "at once"
          : "\(batch) of \(selection.live) a step, 0.5 to 1.5 s apart, only while half of the pool is ready, and not while more "
            + "callers wait than before"
      ),
      ("risk", lost == 0 ? nil : "\(count(lost)) in use: the requests on them fail"),
      (
        "risk",
        uncertain == 0
          ? nil
          : "no pool says that \(count(uncertain)) are idle, the kernel's figures alone do: may fail requests in flight"
      ),
    ]
  }

  private var living: [(connection: Connection, target: PlanTarget)] {
    selection.chosen.filter { !$0.connection.isDead && !$0.connection.isForgotten }
  }

  private var closesInUse: Bool { living.contains { $0.connection.isInUse } }

  private var uncertain: [(connection: Connection, target: PlanTarget)] {
    living.filter { !$0.connection.isInUse && !$0.connection.isIdleByPool }
  }

  private func chosen(_ treatment: SocketTreatment) -> [(connection: Connection, target: PlanTarget)] {
    selection.chosen.filter { $0.target.treatment == treatment }
  }

  private func count(_ number: Int) -> String { number == 1 ? "1 connection" : "\(number) connections" }
}

extension SocketPlanLines {
  private func provesText(_ proved: [(connection: Connection, target: PlanTarget)]) -> String {
    "\(count(proved.count)) by keepalive: after \(SocketPace.provingIdle) s of silence \(SocketPace.probes) probes, "
      + "\(SocketPace.provingInterval) s apart; the kernel closes only one that answers none of them"
  }

  private func waiting(_ proved: [(connection: Connection, target: PlanTarget)]) -> String? {
    let outstanding = proved.count { $0.connection.unacknowledged > 0 }
    guard outstanding > 0 else { return nil }
    return "prove \(outstanding) with data under way: keepalive waits until it is acknowledged"
  }

  private var longer: String {
    chosen(.userTimeout).contains { !$0.connection.isDueSoon } ? ", or until that retransmission" : ""
  }

  private var closesDead: String? {
    let (soon, closed) = (chosen(.userTimeout), chosen(.destroy))
    guard !soon.isEmpty || !closed.isEmpty else { return nil }
    var parts: [String] = []
    if !soon.isEmpty {
      parts.append(
        "\(soon.count) at the next retransmission (TCP_USER_TIMEOUT of \(SocketPace.userTimeout) ms)\(latestDue(soon))")
    }
    if !closed.isEmpty {
      let late = closed.compactMap(\.connection.nextRetransmit).max()
      let why =
        late.map { $0 > SocketPace.dueSoon ? ": the next retransmission is only due in \(whole($0)) s" : "" } ?? ""
      parts.append("\(closed.count) by SOCK_DESTROY\(why)")
    }
    return "\(count(soon.count + closed.count)) on which nothing comes back: " + parts.joined(separator: "; ")
  }

  private func latestDue(_ chosen: [(connection: Connection, target: PlanTarget)]) -> String {
    chosen.compactMap(\.connection.nextRetransmit).max().map { ", due within \(whole($0)) s" } ?? ""
  }

  private func whole(_ duration: Duration) -> Int { Int(min(1e6, max(0, duration.seconds.rounded(.up)))) }

  private var keeps: String? {
    let others = selection.total - selection.chosen.count
    guard others > 0 else { return nil }
    var why: [String] = []
    if selection.busy > 0 { why.append("\(selection.busy) in use") }
    if selection.reserved > 0 { why.append("\(selection.reserved) so that half of the pool stays ready") }
    if selection.unowned > 0 { why.append("\(selection.unowned) without a known owner") }
    return "\(count(others))" + (why.isEmpty ? " outside the method" : ": " + why.joined(separator: ", "))
  }

  private var unowned: String? {
    guard selection.unowned > 0 else { return nil }
    let why = means.reasonAgainst(.processes).map { " (\($0))" } ?? ""
    return "treat \(count(selection.unowned)) whose process is not known\(why)"
  }

  private var undestroyable: String? {
    let late = chosen(.userTimeout).count { !$0.connection.isDueSoon }
    guard late > 0, let why = means.reasonAgainst(.destroy) else { return nil }
    return "close \(count(late)) before the next retransmission: \(why)"
  }

  private var risk: String? {
    let waiting = detail.callersWaiting.map { "\($0) callers waiting; " } ?? ""
    return "\(waiting)\(count(selection.live)) of the \(selection.total) can be used now"
  }
}
