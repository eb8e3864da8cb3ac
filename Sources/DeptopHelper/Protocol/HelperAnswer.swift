internal import DeptopKernel
internal import DeptopModel

/// What the helper answers.
///
/// A socket travels beside the message, not in it.
enum HelperAnswer: Hashable {
  case done
  /// One sentence says why.
  case refused(String)
  /// The request was not understood.
  case malformed(String)
  case abilities(HostAbilities)
  /// Whether there are more after the last of them.
  case namespaces([NamespaceRecord], more: Bool)
  /// For the first `covered` inodes of the question.
  case owners([UInt32: SocketOwner], covered: UInt32)
  case text([UInt8]?)
  case settings([KernelSetting: Int64])
  case translations([SocketAddress?])
  case repairs([RepairOutcome])

  /// What kind of answer a message is.
  enum Kind: UInt8 {
    case done = 1
    case refused, malformed, abilities, namespaces, owners, text, settings, translations, repairs
  }

  var kind: Kind {
    switch self {
    case .done: .done
    case .refused: .refused
    case .malformed: .malformed
    case .abilities: .abilities
    case .namespaces: .namespaces
    case .owners: .owners
    case .text: .text
    case .settings: .settings
    case .translations: .translations
    case .repairs: .repairs
    }
  }
}
