/// The capabilities that the helper uses, by their numbers in `linux/capability.h`.
package enum Capability: Int, Sendable, CaseIterable {
  case dacReadSearch = 2
  case netAdmin = 12
  case sysPtrace = 19
  case sysAdmin = 21

  /// One bit for each capability of the helper.
  package static let all: UInt64 = allCases.reduce(0) { $0 | $1.bit }

  var bit: UInt64 { 1 << UInt64(rawValue) }

  var name: String {
    switch self {
    case .dacReadSearch: "CAP_DAC_READ_SEARCH"
    case .netAdmin: "CAP_NET_ADMIN"
    case .sysPtrace: "CAP_SYS_PTRACE"
    case .sysAdmin: "CAP_SYS_ADMIN"
    }
  }

  /// What would enable it.
  var advice: String { Self.advice(for: [self]) }

  static func advice(for capabilities: [Capability]) -> String {
    let names = capabilities.map(\.name).joined(separator: " and ")
    let list = capabilities.map { $0.name.lowercased() }.joined(separator: ",")
    return "deptop-helper lacks \(names), which `setcap \(list)+ep deptop-helper` gives"
  }
}
