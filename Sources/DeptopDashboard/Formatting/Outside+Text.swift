package import DeptopModel
internal import DeptopScreen

/// Text from outside, made fit to be shown.
extension NamedIdentifier {
  var shown: String { sanitized(rawValue) }
}

extension Finding {
  /// The sentence with the time that has passed filled in; of a finding that is clearing, what was so at its end.
  package func sentence(at now: WallTime) -> String {
    let moment = absentSince ?? now
    let sentence = sanitized(text.replacing("{since}", with: (moment - (textSince ?? since)).elapsed))
    return absentSince.map { "ended \((now - $0).elapsed) ago: \(sentence)" } ?? sentence
  }

  /// How bad it is now: a finding that is clearing hurts nobody any more.
  var presentLevel: Level { state == .clearing ? .ok : level }

  /// The action that fits now.
  var presentAction: ActionVerb? { state == .clearing ? nil : action }
}

extension SocketOwner {
  /// The service where there is one, else the process: `orders.service`, `billing (pid 812)`.
  var label: String { unit?.label ?? processLabel }

  /// `billing (pid 812)`.
  var processLabel: String { "\(sanitized(process)) (pid \(pid))" }

  /// Which process of which service: `orders.service (812)`.
  var exactLabel: String { unit.map { "\($0.label) (\(pid))" } ?? processLabel }

  /// The label in few columns: `orders.service`, `billing`.
  var shortLabel: String { unit?.label ?? sanitized(process) }
}

extension ServiceUnit {
  /// `orders.service`, `container 3f2a9c1e4b7d`, `pod 3f2a9c1e`.
  var label: String {
    switch kind {
    case .systemd: sanitized(name)
    case .container: "container " + sanitized(name)
    // The first digits tell pods of one host apart.
    case .pod: "pod " + sanitized(String(name.prefix(8)))
    }
  }
}

extension Dependency {
  /// Where its connections go: `orders-db.internal:5432`.
  var endpoint: String? {
    host.map { host in
      let text = sanitized(host)
      return text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
    }
  }
}

extension AddressUse.Standing {
  /// What DNS says of an address, in the words of the screen.
  var word: String {
    switch self {
    case .unnamed: "no name"
    case .current: "current"
    case .left: "left DNS"
    case .suspected: "not in DNS"
    case .neverAnswered: "never answered"
    }
  }

  var role: Role {
    switch self {
    case .unnamed: .muted
    case .current: .ok
    case .left: .critical
    case .suspected: .warning
    case .neverAnswered: .unknown
    }
  }
}
