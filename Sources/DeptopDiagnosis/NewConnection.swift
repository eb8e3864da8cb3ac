internal import DeptopModel

/// What a new connection to the addresses of dead ones does, as far as is known.
enum NewConnection {
  /// One was opened after the moment that is asked about.
  case succeeds(Evidence)
  /// The last one that is known of was opened this long before it.
  case succeeded(before: Duration, Evidence)
  /// None could be opened to any of them.
  case fails(Evidence)
  /// Nothing tried lately.
  case unknown

  /// How long before the moment an attempt may lie and still count: two rounds of probes at their usual 30 s.
  static let memory = Duration.seconds(60)

  /// What speaks best for the addresses: one that answers is enough for dead connections to be told from a dead path.
  init(to addresses: [IPAddress], since moment: WallTime, of dependency: Dependency) {
    if let evidence = dependency.opened(to: addresses, since: moment) {
      self = .succeeds(evidence)
      return
    }
    let probes = dependency.probes.filter { addresses.contains($0.address) && moment - $0.lastAt <= Self.memory }
    guard let source = dependency.connect?.source, !probes.isEmpty else {
      self = .unknown
      return
    }
    self = .init(probes, since: moment, source)
  }

  private init(_ probes: [AddressConnect], since moment: WallTime, _ source: SourceID) {
    guard let newest = probes.filter({ $0.last != nil }).max(by: { $0.lastAt < $1.lastAt }) else {
      self = .fails(
        Evidence(
          reading: "new connection to \(probes.map(\.address).names)",
          value: probes.lazy.compactMap(\.lastFailure).first ?? "failed", source: source))
      return
    }
    let evidence = Evidence(
      reading: "new connection to \(newest.address)", value: "succeeds in \((newest.last ?? .zero).words)",
      source: source)
    self = newest.lastAt >= moment ? .succeeds(evidence) : .succeeded(before: moment - newest.lastAt, evidence)
  }

  /// For a sentence, with its separator; empty when nothing is known.
  var text: String {
    switch self {
    case .succeeds: "; a new connection succeeds"
    case .succeeded(let before, _): "; a new connection succeeded \(before.words) before the first stuck send"
    case .fails: "; a new connection fails"
    case .unknown: "; whether a new connection succeeds is not known"
    }
  }
}

extension Dependency {
  /// A connection that a client opened after a moment; nil when the kernel's table shows none.
  fileprivate func opened(to addresses: [IPAddress], since moment: WallTime) -> Evidence? {
    guard let sockets else { return nil }
    let newer = sockets.value.addresses.first { use in
      addresses.contains(use.address) && use.connections > 0 && use.newestSince.map { $0 > moment } ?? false
    }
    return newer.map {
      Evidence(reading: "new connection to \($0.address)", value: "opened by a client", source: sockets.source)
    }
  }
}
