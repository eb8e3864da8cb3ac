package import DeptopModel

/// What fills the middle of the terminal.
package enum Screen: Sendable, Hashable {
  case overview
  case detail(DependencyID)
  case findings
  case sources
  /// Running and recent actions, and the audit.
  case actions
  /// The network namespaces of the host.
  case namespaces
  /// Services or processes, and what they are connected to.
  case clients
  case help

  /// The screens that a number or Tab leads to, in order.
  package static let tabs: [Screen] = [.overview, .findings, .sources, .actions, .namespaces, .clients, .help]

  /// The word in the header.
  package var title: String {
    switch self {
    case .overview: "overview"
    case .detail(let dependency): dependency.rawValue
    case .findings: "findings"
    case .sources: "sources"
    case .actions: "actions"
    case .namespaces: "namespaces"
    case .clients: "clients"
    case .help: "help"
    }
  }
}
