internal import DeptopKernel
internal import DeptopModel

/// What the collector asks the helper for: the verbs of `HostAccess`, long lists in parts.
enum HelperRequest: Hashable {
  /// The first request; nothing else is answered before it.
  case hello(version: UInt16)
  case abilities
  /// The namespaces after this one, as many as fit.
  case namespaces(after: NamespaceID)
  case openSocket(NamespaceSocket, NamespaceID)
  case owners([UInt32])
  case text(ProcessFile, Int32)
  case settings(NamespaceID)
  case translations([SocketEnds], NamespaceID)
  case announce(PlanPart)
  case repair(RepairStep, PlanID, cookies: [UInt64])

  /// What a message is about.
  enum Verb: UInt8 {
    case hello = 1
    case abilities, namespaces, openSocket, owners, text, settings, translations, announce, repair
  }

  var verb: Verb {
    switch self {
    case .hello: .hello
    case .abilities: .abilities
    case .namespaces: .namespaces
    case .openSocket: .openSocket
    case .owners: .owners
    case .text: .text
    case .settings: .settings
    case .translations: .translations
    case .announce: .announce
    case .repair: .repair
    }
  }
}

/// A part of a plan's sockets.
struct PlanPart: Hashable {
  var plan: PlanID
  /// Milliseconds.
  var life: UInt32
  /// How many sockets the whole plan has, and how many of them were announced before this part.
  var total: UInt32
  var offset: UInt32
  var sockets: [RepairTarget]
}
