internal import DeptopConfiguration
internal import DeptopWire
internal import Glibc

/// The process that starts everything of a lab and plays it.
package enum LabHost {
  /// The time in which the collector has to serve.
  private static let patience = Duration.seconds(25)

  /// Plays until it is told to stop.
  ///
  /// What happens is told on the standard output, one ``LabEvent`` a line.
  ///
  /// - Parameters:
  ///   - directory: The lab's, which is there already.
  ///   - ground: What it stands on.
  ///   - barrier: Why there are no namespaces; nil where there are.
  ///   - names: The scenarios to play, by name or file; all of them unless given.
  ///   - isHeadless: True to wait for nobody.
  /// - Returns: The exit status.
  /// - Throws: What keeps it from telling anything on the standard output; everything else is told there.
  package static func run(
    directory: String, ground: LabGround, barrier: String?, scenarios names: [String], isHeadless: Bool
  ) async throws -> Int32 {
    let voice = LabVoice()
    do {
      let (scenarios, meant) = try ScenarioLibrary.all(and: names)
      let selection = try ScenarioSelection(
        of: scenarios, names: meant, barrier: ground.router == nil ? barrier ?? "no router" : nil)
      let stage = try LabStage(ground: ground, directory: directory)
      for scenario in selection.library { try await stage.check(scenario) }
      let result = await Self.result { try await play(selection, on: stage, voice, isHeadless: isHeadless) }
      await stage.close()
      try result.get()
      return 0
    } catch is CancellationError {
      return 0
    } catch {
      try voice.tell(.failed("\(error)"))
      return 1
    }
  }

  private static func result(_ body: () async throws -> Void) async -> Result<Void, any Error> {
    do {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }

  /// Plays, beside what it takes for that, until the play is over or the process is to end.
  private static func play(
    _ selection: ScenarioSelection, on stage: LabStage, _ voice: LabVoice, isHeadless: Bool
  ) async throws {
    let desk = LabDesk()
    defer { desk.close() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await EndSignal.wait() }
      group.addTask {
        let sight = try await open(stage, voice, selection)
        try await withThrowingTaskGroup(of: Void.self) { beside in
          beside.addTask { await sight.follow() }
          let path = stage.files.labSocket
          beside.addTask { try await LabSocket.serve(at: path) { await desk.ask($0) } }
          let fleet = await stage.fleet
          var director = LabDirector(
            stage: stage, desk: desk, sight: sight, voice: voice, library: selection.library, order: selection.order,
            isHeadless: isHeadless, ledgers: fleet.clients.map { ($0.name, $0.ledger) })
          try voice.tell(.ready(controlSocket: stage.files.controlSocket, labSocket: path))
          try await director.run()
          beside.cancelAll()
        }
      }
      try await group.next()
      group.cancelAll()
    }
  }

  private static func open(
    _ stage: LabStage, _ voice: LabVoice, _ selection: ScenarioSelection
  ) async throws -> CollectorSight {
    let configuration = CollectorText.configuration(of: await stage.fleet)
    let code = try LabDescriptor.open(stage.files.configuration, O_WRONLY | O_CREAT | O_TRUNC)
      .write(Array(configuration.utf8))
    guard code == 0 else { throw GroundError.system(stage.files.configuration, code: code) }
    try await stage.open()
    for (scenario, reason) in selection.leftOut { try voice.tell(.leftOut(scenario: scenario, reason: reason)) }
    let sight = CollectorSight(socket: stage.files.controlSocket)
    guard try await sight.serves(within: patience) else {
      throw GroundError.role("deptopd does not serve within \(patience.components.seconds) s, see its log")
    }
    return sight
  }
}
