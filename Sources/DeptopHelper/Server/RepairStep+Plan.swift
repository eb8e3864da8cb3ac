internal import DeptopKernel
internal import DeptopModel

extension RepairStep {
  var kind: PlanLedger.Kind {
    switch self {
    case .destroy: .destroy
    case .keepalive: .keepalive
    case .userTimeout: .userTimeout
    case .discoveryOff: .discoveryOff
    }
  }

  /// Whether a planned treatment has this step.
  ///
  /// Keepalive also follows the others, on those that live.
  func fits(_ treatment: SocketTreatment) -> Bool {
    switch self {
    case .destroy: treatment == .destroy
    case .keepalive: treatment != .destroy
    case .userTimeout: treatment == .userTimeout
    case .discoveryOff: treatment == .discoveryOff
    }
  }

  /// What is wrong with its values; nil when nothing is.
  ///
  /// The ranges are the kernel's (`net/tcp.h`).
  var objection: String? {
    switch self {
    case .destroy, .discoveryOff: nil
    case .keepalive(let idle, let interval, let probes):
      if !(1...32_767).contains(idle) {
        "an idle time of \(idle) s is not within 1…32767"
      } else if !(1...32_767).contains(interval) {
        "an interval of \(interval) s is not within 1…32767"
      } else if !(1...127).contains(probes) {
        "\(probes) probes are not within 1…127"
      } else {
        nil
      }
    case .userTimeout(let milliseconds): milliseconds < 0 ? "a user timeout of \(milliseconds) ms is below 0" : nil
    }
  }
}
