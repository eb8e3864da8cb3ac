package import DeptopModel

/// One Resilience4j circuit breaker as the actuator describes it.
package struct CircuitBreaker: Sendable, Hashable {
  package var name: String
  package var state: BreakerState
  /// What the state's word means where no word of the model fits; nil where one does.
  package var note: String?
  /// The share of failures in its window, 0…1; nil below its minimum number of calls.
  package var failureRatio: Double?
  /// Calls rejected since it entered its state: Resilience4j begins anew with each state.
  package var notPermitted: UInt64?
}

extension BreakerState {
  /// The state that a word of Resilience4j means, and what has to be added to it; nil for an unknown word.
  ///
  /// `METRICS_ONLY` judges calls and never rejects one: for callers it is a disabled breaker.
  static func resilience4j(_ word: String) -> (state: BreakerState, note: String?)? {
    switch word {
    case "CLOSED": (.closed, nil)
    case "OPEN": (.open, nil)
    case "HALF_OPEN": (.halfOpen, nil)
    case "FORCED_OPEN": (.forcedOpen, nil)
    case "DISABLED": (.disabled, nil)
    case "METRICS_ONLY": (.disabled, "metrics only: calls are judged, and none is rejected")
    default: nil
    }
  }

  /// The word that puts a breaker into this state; nil where the actuator has none.
  package var actuatorCommand: String? {
    switch self {
    case .closed: "CLOSE"
    case .forcedOpen: "FORCE_OPEN"
    case .disabled: "DISABLE"
    case .open, .halfOpen: nil
    }
  }

  /// The states that the actuator puts a breaker into.
  package static let actuatorStates = allCases.filter { $0.actuatorCommand != nil }
}

/// A share that the actuator writes as `"12.5%"`, and `"-1.0%"` where it is not known.
enum PercentText {
  /// 0…1; nil for what is not known or no such text.
  static func ratio(_ text: String) -> Double? {
    guard text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) else { return nil }
    return percent / 100
  }
}
