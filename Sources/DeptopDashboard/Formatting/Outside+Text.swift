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
  /// `billing (pid 812)`.
  var label: String { "\(sanitized(process)) (pid \(pid))" }
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
