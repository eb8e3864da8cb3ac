internal import DeptopControl
internal import DeptopModel
internal import DeptopWire

/// What an action would do, with a pre-flight that succeeded.
struct PlanDraft: Sendable {
  let preparation: Preparation
  let destinations: [SocketAddress]
  private let preflight: String?
  /// How long each connection of the pre-flight took.
  private let times: [Duration]
  /// What would do less and cure as well.
  var gentler: [PlanLine] = []
  private var bounds: AbortBounds?

  /// Refuses when there is nothing that the scope asks for.
  static func guardTargets(_ preparation: Preparation, _ request: PlanRequest) throws(Refusal) {
    if request.verb == .breaker {
      // Without a client to read the state of afterwards nothing could prove that a breaker was set.
      guard preparation.clients.isEmpty else { return }
      throw Refusal(
        .refused, "no client of \(request.dependency) has a breaker that can be set: there is nothing to do")
    }
    guard !preparation.targets.isEmpty else {
      if request.verb == .repair { throw Refusal(.refused, "no connection of \(request.dependency) needs that repair") }
      throw Refusal(.refused, "the pool of \(request.dependency) holds no connection: there is nothing to do")
    }
    if request.verb == .drain, request.scope == .stale,
      !preparation.targets.contains(where: { $0.isStale || $0.isDead })
    {
      throw Refusal(
        .refused,
        "no connection of \(request.dependency) is on an address that left DNS; "
          + "--scope all would replace all \(preparation.targets.count)")
    }
  }

  /// Refuses when fresh connections fail: closing would turn a partial outage into a total one.
  ///
  /// One that fails is no reason where other addresses answer and nothing is closed but what is dead or on an address
  /// that fails: what is given up carries nothing, and its place is taken elsewhere.
  init(
    _ preparation: Preparation, destinations: [SocketAddress], attempts: [[ConnectAttempt]],
    for verb: ActionVerb = .drain
  ) throws(Refusal) {
    guard !destinations.isEmpty else {
      throw Refusal(.refused, "no resolver answers: nobody knows where new connections would go")
    }
    let failures = attempts.joined().filter { $0.duration == nil }
    let count = attempts.reduce(0) { $0 + $1.count }
    let reasons = Set(failures.map { "\($0.address): \($0.failure ?? "failed")" }).sorted().joined(separator: "; ")
    guard failures.isEmpty || Self.canBeWithout(Set(failures.map(\.address)), preparation, attempts) else {
      throw Refusal(
        .refused,
        "pre-flight failed: \(failures.count) of \(count) new connections did not succeed (\(reasons)); "
          + "a \(verb == .repair ? "repair" : "drain") would make it worse")
    }
    guard attempts.count == destinations.count,
      attempts.allSatisfy({ $0.count >= Preflight.attempts })
    else {
      throw Refusal(.refused, "the pre-flight was not finished: whether new connections succeed is not known")
    }
    self.preparation = preparation
    self.destinations = destinations
    times = attempts.joined().compactMap(\.duration)
    let slowest = times.max() ?? .zero
    let places = destinations.map(\.description).joined(separator: ", ")
    preflight =
      "\(times.count) of \(count) new connections to \(places) succeeded (slowest \(slowest.inWords))"
      + (failures.isEmpty ? "" : "; \(reasons), but nothing is closed that works")
  }

  /// True when other addresses answer, and nothing that is closed works.
  private static func canBeWithout(
    _ failing: Set<SocketAddress>, _ preparation: Preparation, _ attempts: [[ConnectAttempt]]
  ) -> Bool {
    !preparation.targets.isEmpty && attempts.contains(where: \.hasAllAnswered)
      && preparation.targets.allSatisfy { $0.isDead || failing.contains($0.remote) }
  }

  /// Takes what needs no pre-flight, because it opens nothing.
  init(_ preparation: Preparation, destinations: [SocketAddress]) {
    self.preparation = preparation
    self.destinations = destinations
    preflight = nil
    times = []
  }

  /// Sets the bounds of the action around what is read now.
  ///
  /// A repair that closes nothing that works has none: what happens meanwhile happens without it, and stopping it would
  /// leave the cause in place.
  mutating func bound(by detail: DependencyDetail, for verb: ActionVerb) {
    let closes = preparation.targets.contains { !$0.isDead && $0.treatment != .keepalive }
    guard verb != .repair || closes else { return }
    let now = AbortReadings(detail)
    let sorted = times.sorted()
    let slow = sorted.isEmpty ? .zero : sorted[min(sorted.count - 1, sorted.count * 95 / 100)]
    bounds = AbortBounds(
      canStop: preparation.steps != nil, connectBaseline: slow,
      errorBaseline: detail.dependency.calls?.value.errorRatio, callersWaiting: now.callersWaiting,
      timeLimit: preparation.steps.map {
        AgentPace.timeLimit(steps: $0, connect: slow, drainTimeout: preparation.drainTimeout)
      } ?? preparation.drainTimeout)
  }

  func plan(for request: PlanRequest, createdAt: WallTime) -> Plan {
    let ends = (preflight.map { [PlanLine("pre-flight", $0)] } ?? []) + (bounds.map { [$0.line] } ?? []) + gentler
    return Plan(
      id: PlanID(rawValue: "p-" + Identity.random()),
      digest: PlanDigest.of(preparation.targets, destinations, clients: preparation.clients), createdAt: createdAt,
      expiresAt: createdAt + ActionLedger.planLife, request: request, targets: preparation.targets,
      clients: preparation.clients, destinations: destinations,
      lines: preparation.lines + ends + [PlanLine("same as", request.commandLine)],
      confirmation: preparation.confirmation, drainTimeout: preparation.drainTimeout, bounds: bounds)
  }
}

extension [ConnectAttempt] {
  /// True when each of them succeeded, and there are some.
  var hasAllAnswered: Bool { !isEmpty && allSatisfy { $0.duration != nil } }
}

extension Preparation {
  /// True when nothing is closed that works.
  var closesOnlyDead: Bool { !targets.isEmpty && targets.allSatisfy(\.isDead) }
}

extension PlanRequest {
  /// The command that asks for the same.
  fileprivate var commandLine: String {
    var words = ["deptop", verb.rawValue, dependency.rawValue]
    if verb == .drain { words += ["--scope", scope.rawValue] }
    if verb == .repair {
      words += ["--method", (repair ?? .prove).rawValue]
      if repair == .close { words += ["--scope", scope.rawValue] }
    }
    if verb == .breaker, let breaker { words.append(breaker.rawValue) }
    if let client { words += ["--client", client] }
    return words.map { $0.contains(" ") ? "\u{22}\($0)\u{22}" : $0 }.joined(separator: " ")
  }
}

/// Names that are not guessed.
enum Identity {
  /// Ten characters that are easy to read and to type: 50 random bits.
  static func random() -> String {
    let letters = Array("abcdefghjkmnpqrstvwxyz0123456789")
    return String((0..<10).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }
}

extension Dependency {
  /// The addresses that its clients get for its name: those of the namespaces that have connections, ascending.
  private var answersInUse: [IPAddress] {
    let namespaces = Set((sockets?.value.addresses ?? []).map(\.namespace))
    let asked = views.filter { namespaces.contains($0.namespace) }.map(\.resolution)
    let own = asked.isEmpty || namespaces.contains(.own) ? [resolution].compactMap { $0 } : []
    return Set((own + asked).flatMap(\.addresses)).sorted()
  }

  /// Where new connections are expected to go.
  var destinations: [SocketAddress] {
    if let host, let address = IPAddress(host == "localhost" ? "127.0.0.1" : host) {
      return [SocketAddress(address, port: port)]
    }
    let answers = answersInUse
    if !answers.isEmpty || resolution != nil { return answers.map { SocketAddress($0, port: port) } }
    // A reported name that deptop does not resolve: new connections are expected where there are some.
    return (sockets?.value.addresses ?? []).filter { $0.connections > 0 }.map { SocketAddress($0.address, port: port) }
  }
}
