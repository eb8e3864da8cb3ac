internal import DeptopModel

extension PlanRequest {
  /// True when new connections follow from it, so that they have to succeed.
  ///
  /// A breaker that is to reject calls needs no dependency that answers, and neither does keepalive or what only frees
  /// stuck data.
  func opensConnections(in targets: [PlanTarget]) -> Bool {
    switch verb {
    case .drain, .resolve: true
    case .breaker: breaker?.letsCallsPass ?? true
    case .repair:
      switch repair ?? .prove {
      case .close: true
      case .unstick: false
      case .prove: targets.contains { $0.treatment?.closes == true }
      }
    }
  }
}

extension SocketTreatment {
  /// True when it ends the connection, or makes the kernel end it.
  var closes: Bool { self == .destroy || self == .userTimeout }
}

extension Plan {
  /// What it is about, in few words.
  var extent: String {
    guard request.verb == .repair else {
      return targets.isEmpty && !clients.isEmpty ? "\(clients.count) clients" : "\(targets.count) connections"
    }
    let treatments = Dictionary(grouping: targets.compactMap(\.treatment), by: \.self)
      .map { "\($0.key.rawValue) \($0.value.count)" }.sorted()
    return "\((request.repair ?? .prove).rawValue) \(targets.count) connections (\(treatments.joined(separator: ", ")))"
  }

  /// True when no connection is closed by it and none opened: nothing has to calm down afterwards.
  var disturbsNothing: Bool {
    switch request.verb {
    case .breaker: true
    case .drain, .resolve: false
    case .repair: !targets.contains { $0.treatment?.closes ?? true }
    }
  }
}

extension Dependency {
  /// Where connections that replace the targets are expected to go: by the name as their namespace sees it, when they
  /// are all in one that has a view of its own.
  func destinations(for targets: [PlanTarget]) -> [SocketAddress] {
    let namespaces = Set(targets.map(\.namespace))
    guard namespaces.count == 1, let namespace = namespaces.first,
      let view = views.first(where: { $0.namespace == namespace }), !view.resolution.addresses.isEmpty
    else { return destinations }
    return view.resolution.addresses.map { SocketAddress($0, port: port) }
  }
}

extension PlanTarget {
  /// The network namespace of the connection; the collector's own for one that only its owner knows of.
  var namespace: NamespaceID {
    socket?.namespace ?? PlanTarget.namespace(of: cookie)
  }

  /// The network namespace that a cookie names behind an `@`.
  static func namespace(of cookie: String) -> NamespaceID {
    guard let mark = cookie.lastIndex(of: "@") else { return .own }
    return UInt32(cookie[cookie.index(after: mark)...]).map(NamespaceID.init) ?? .own
  }
}
