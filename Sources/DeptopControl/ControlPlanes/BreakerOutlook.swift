internal import DeptopJVM
internal import DeptopModel

/// What a change of a Resilience4j breaker would mean for its callers.
struct BreakerOutlook {
  let breaker: CircuitBreaker
  let wanted: BreakerState
  let client: String

  /// What the operator has to read before saying yes.
  var lines: [PlanLine] {
    [
      PlanLine("changes", changeText),
      PlanLine("keeps", "the breakers of every other instance of the application: each has its own"),
      PlanLine("risk", riskText),
      wanted == .closed ? nil : PlanLine("cannot", "be seen in metrics: Resilience4j publishes no call in this state"),
      PlanLine("cannot", Self.unofferedText(.halfOpen)),
    ].compactMap { $0 }
  }

  private var changeText: String {
    let ratio = breaker.failureRatio.map { ", \(Int(($0 * 100).rounded())) % of its window failed" } ?? ""
    return "circuit breaker \"\(breaker.name)\" of \(client): from \(breaker.state.rawValue)\(ratio) to "
      + wanted.rawValue
  }

  private var riskText: String {
    switch wanted {
    case .forcedOpen: "every call is rejected at once, until somebody closes it: this state never ends by itself"
    case .disabled: "every call passes and none is judged, until somebody closes it: nothing protects the callers"
    case .closed, .open, .halfOpen:
      "every call passes at once, without a trial of a few; its window begins anew, so that it opens again only after "
        + "its minimum number of calls"
    }
  }

  /// Why the actuator cannot bring a state about.
  static func unofferedText(_ state: BreakerState) -> String {
    let way =
      switch state {
      case .halfOpen: "a breaker goes there by itself, from open and after its wait"
      case .open: "a breaker goes there by its calls"
      case .closed, .forcedOpen, .disabled: "it is offered"
      }
    return "put it into \(state.rawValue): the actuator has no command for it, \(way)"
  }
}
