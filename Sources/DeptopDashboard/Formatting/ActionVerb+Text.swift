internal import DeptopModel

extension ActionVerb {
  /// The key that asks for it.
  var key: String {
    switch self {
    case .drain: "D"
    case .resolve: "R"
    case .breaker: "B"
    case .repair: "K"
    }
  }

  /// The verb at the start of a line.
  var title: String {
    switch self {
    case .drain: "Drain"
    case .resolve: "Resolve"
    case .breaker: "Breaker"
    case .repair: "Repair"
    }
  }

  /// The verb when it is done, before the dependency's name.
  var past: String {
    switch self {
    case .drain: "DRAINED"
    case .resolve: "RESOLVED"
    case .breaker: "SET BREAKER OF"
    case .repair: "REPAIRED"
    }
  }

  /// What is done to a dependency: `drain orders-db`.
  var deed: String {
    switch self {
    case .drain, .resolve, .repair: rawValue
    case .breaker: "set the breaker of"
    }
  }

  /// What runs: `a drain`.
  var noun: String {
    switch self {
    case .drain, .resolve, .repair: rawValue
    case .breaker: "breaker change"
    }
  }
}

extension PlanRequest {
  /// What is asked for behind the dependency's name: `: stale connections`, `: close`; empty for nothing more.
  var purpose: String {
    switch verb {
    case .drain: ": \(scope) connections"
    case .resolve: ""
    case .breaker: breaker.map { ": \($0.deed)" } ?? ""
    case .repair: repair.map { ": \($0.rawValue)" } ?? ""
    }
  }
}
