internal import DeptopConfiguration
internal import Glibc

/// The processes of a lab, and what is broken in them.
///
/// A collector that ends is started again, as a service manager would; any other process that ends by itself ends the
/// lab.
actor LabStage {
  let ground: LabGround
  let files: LabFiles
  private let initial: Fleet
  private let program: String
  /// The fleet as it is now.
  private(set) var fleet: Fleet
  /// How each address of an upstream serves now.
  private var services: [String: [String: ServiceModel]] = [:]
  private var upstreams: [String: RoleProcess] = [:]
  private var names: RoleProcess?
  private var clients: [String: RoleProcess] = [:]
  private var collector: RoleProcess?
  /// What was changed since everything was as it should be.
  private(set) var faults: [Fault] = []

  init(ground: LabGround, directory: String) throws(GroundError) {
    self.ground = ground
    files = LabFiles(directory)
    initial = Fleet(
      addressPrefix: ground.addressPrefix, nameServerPort: ground.nameServerPort, directory: directory)
    fleet = initial
    program = try OwnProgram.path()
  }

  /// Starts everything; each process serves once this returns, but for the collector.
  func open() async throws(GroundError) {
    names = try await start("names", "names", fleet.names, in: ground.upstreams)
    for upstream in fleet.upstreams { try await start(upstream) }
    try await startCollector()
    for client in fleet.clients { try await start(client) }
    for upstream in upstreams.values { try await upstream.ready() }
    try await names?.ready()
    for client in clients.values { try await client.ready() }
  }

  /// Ends everything.
  func close() async {
    await collector?.end()
    for client in clients.values { await client.kill() }
    for upstream in upstreams.values { await upstream.kill() }
    await names?.kill()
    (collector, names, clients, upstreams) = (nil, nil, [:], [:])
  }

  /// The words of faults, as they are understood now.
  func faults(of words: [String]) throws(FaultWordsError) -> [Fault] {
    try FaultWords(addressPrefix: ground.addressPrefix, calls: fleet.clients, upstreams: fleet.upstreams).faults(words)
  }

  /// Fails when the scenario names what this lab does not have.
  func check(_ scenario: Scenario) throws(GroundError) {
    let callers = scenario.clients.map { name in fleet.clients.first { $0.name == name } }
    for (name, client) in zip(scenario.clients, callers)
    where client?.dependencies.contains(where: { $0.dependency == scenario.dependency }) != true {
      throw .role("scenario \(scenario.name): no client \(name) calls \(scenario.dependency)")
    }
    for line in scenario.preparation + scenario.steps.flatMap(\.faults) {
      do throws(FaultWordsError) {
        _ = try faults(of: line.split(separator: " ").map(String.init))
      } catch {
        throw .role("scenario \(scenario.name): \(line): \(error)")
      }
    }
  }

  /// Says what has ended by itself; nil while everything runs.
  ///
  /// Starts the collector again when that has.
  func casualty() async throws(GroundError) -> String? {
    if let collector, collector.exitStatus != nil { try await startCollector() }
    let roles = [names].compactMap { $0 } + Array(upstreams.values) + Array(clients.values)
    guard let ended = roles.first(where: { $0.exitStatus != nil }), let status = ended.exitStatus else { return nil }
    let words = lastWords(of: ended.name)
    return "\(ended.name) ended with status \(status)" + (words.isEmpty ? "" : ": \(words)")
  }

  /// The last line that a process has said; of a crash the line that says why.
  private func lastWords(of name: String) -> String {
    // A log that cannot be read says nothing.
    guard let log = try? LabDescriptor.open(files.log(name), O_RDONLY) else { return "" }
    var bytes: [UInt8] = []
    while let more = log.read() { bytes = (bytes + more).suffix(65536) }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return LabText.cleaned(String(lines.last { $0.contains("Fatal error") } ?? lines.last ?? ""))
  }

  /// Puts everything as it was at the start; services are started anew, so that nothing is left in their pools.
  func restore() async throws(GroundError) {
    try await ground.router?.restore()
    for upstream in initial.upstreams {
      services[upstream.name] = nil
      try await upstreams[upstream.name]?.send(UpstreamCommand.service(upstream.service, address: nil))
    }
    try await names?.send(NameCommand.fails(false))
    try await names?.send(NameCommand.isSilent(false))
    for record in initial.names.records { try await names?.send(NameCommand.record(record)) }
    fleet = initial
    faults = []
    for client in fleet.clients { try await restart(client) }
  }
}

extension LabStage {
  /// Breaks or mends one thing.
  func apply(_ fault: Fault) async throws(GroundError) {
    switch fault {
    case .upstream(let name, let address, let change): try await serve(name, address, by: change)
    case .closeUpstream(let name, let address):
      try await upstreams[name]?.send(UpstreamCommand.closeConnections(address: address))
    case .name(let record): try await names?.send(NameCommand.record(record))
    case .nameServer(let command): try await names?.send(command)
    case .router(let fault):
      guard let router = ground.router else { throw .role("there is no router: the lab is on loopback") }
      try await router.apply(fault)
    case .client(let name, let dependency, let change): try await call(name, dependency, by: change)
    case .dropConnections(let name, let dependency):
      try await clients[name]?.send(ClientCommand.dropConnections(dependency: dependency))
    case .restart(let name, let startUp):
      guard var spec = fleet.clients.first(where: { $0.name == name }) else { return }
      spec.startUp = startUp
      try await restart(spec, waits: false)
    }
    faults.append(fault)
  }

  private func serve(_ name: String, _ address: String?, by change: ServiceChange) async throws(GroundError) {
    guard let spec = fleet.upstreams.first(where: { $0.name == name }) else { return }
    for place in spec.addresses where place == address ?? place {
      let model = change.applied(to: services[name]?[place] ?? spec.service)
      services[name, default: [:]][place] = model
      try await upstreams[name]?.send(UpstreamCommand.service(model, address: place))
    }
  }

  private func call(_ name: String, _ dependency: String, by change: CallChange) async throws(GroundError) {
    guard let client = fleet.clients.firstIndex(where: { $0.name == name }),
      let index = fleet.clients[client].dependencies.firstIndex(where: { $0.dependency == dependency })
    else { return }
    let changed = change.applied(to: fleet.clients[client].dependencies[index])
    fleet.clients[client].dependencies[index] = changed
    try await clients[name]?.send(ClientCommand.call(changed))
  }
}

extension LabStage {
  private func start(_ spec: UpstreamSpec) async throws(GroundError) {
    upstreams[spec.name] = try await start(spec.name, "upstream", spec, in: ground.upstreams)
  }

  private func start(_ spec: ClientSpec) async throws(GroundError) {
    clients[spec.name] = try await start(spec.name, "client", spec, in: ground.clients)
  }

  private func restart(_ spec: ClientSpec, waits: Bool = true) async throws(GroundError) {
    await clients[spec.name]?.kill()
    try await start(spec)
    if waits { try await clients[spec.name]?.ready() }
  }

  private func start(
    _ name: String, _ role: String, _ spec: some Encodable & Sendable, in space: LabSpace
  ) async throws(GroundError) -> RoleProcess {
    let process = try await RoleProcess.start(
      name, program: program, arguments: [role], in: space, log: files.log(name))
    try await process.send(spec)
    return process
  }

  private func startCollector() async throws(GroundError) {
    collector = try await RoleProcess.start(
      "deptopd", program: try OwnProgram.path(beside: "deptopd"),
      arguments: [
        "--config", files.configuration, "--socket", files.controlSocket, "--ingest-socket", files.ingestSocket,
        "--state-directory", files.state, "--exit-with-standard-input",
      ], in: ground.clients, log: files.log("deptopd"))
  }
}
