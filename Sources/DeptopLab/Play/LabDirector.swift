internal import DeptopConfiguration
internal import DeptopWire

/// Plays scenarios on the stage, and does what the lab is told meanwhile: one task, one thing after the other.
struct LabDirector {
  private let stage: LabStage
  private let desk: LabDesk
  private let sight: CollectorSight
  private let voice: LabVoice
  /// Everything that can be played, and what is to be, by its place in that.
  private let library: [Scenario]
  private let order: [Int]
  private let isHeadless: Bool
  private var ledger: LedgerReading
  private var scene: LabScene?

  /// How a scenario was left.
  private enum Turn: Hashable {
    case next
    /// By its place in the library.
    case play(Int)
    case stop
  }

  private static let interval = Duration.milliseconds(100)
  /// How long a scenario that nobody is to heal is left broken, seconds.
  private static let exhibition = 5.0

  init(
    stage: LabStage, desk: LabDesk, sight: CollectorSight, voice: LabVoice, library: [Scenario], order: [Int],
    isHeadless: Bool, ledgers: [(name: String, path: String)]
  ) {
    self.stage = stage
    self.desk = desk
    self.sight = sight
    self.voice = voice
    self.library = library
    self.order = order
    self.isHeadless = isHeadless
    ledger = LedgerReading(paths: ledgers)
  }

  /// Plays until everything has been played or the lab is stopped.
  mutating func run() async throws {
    var index: Int? = order.first
    while true {
      let turn = if let index { try await play(index) } else { try await idle() }
      switch turn {
      case .stop: return
      case .play(let chosen): index = chosen
      case .next:
        index = order.first { place in index.map { place > $0 } ?? false }
        if index == nil {
          try voice.tell(.finished)
          if isHeadless { return }
        }
      }
    }
  }

  private mutating func play(_ index: Int) async throws -> Turn {
    try await stage.restore()
    let scenario = library[index]
    var play = ScenarioPlay(scenario, number: (order.firstIndex(of: index) ?? index) + 1, of: max(order.count, 1))
    try await perform(play.opening())
    while true {
      if let turn = try await attend() { return turn }
      let now = LabClock.now
      let ledger = ledger
      let sight = ScenarioPlay.Sight(findings: sight.open(on: scenario.dependency)) { window in
        ledger.failures(of: scenario.clients, to: scenario.dependency, over: window, at: now)
      }
      try await perform(play.look(at: now, sight))
      if isHeadless, play.isHealed || play.suffering(at: now) ?? 0 >= Self.exhibition { return .next }
    }
  }

  /// Waits for orders only.
  private mutating func idle() async throws -> Turn {
    while true {
      if let turn = try await attend() { return turn }
    }
  }

  /// One round of what is done all the time.
  private mutating func attend() async throws -> Turn? {
    try await Task.sleep(for: Self.interval)
    if let casualty = try await stage.casualty() { throw GroundError.role(casualty) }
    try ledger.read()
    while let order = desk.next() {
      let (answer, turn) = try await obey(order.request)
      order.answer(answer)
      if let turn { return turn }
    }
    return nil
  }

  private mutating func perform(_ effects: [ScenarioPlay.Effect]) async throws {
    for effect in effects {
      switch effect {
      case .tell(let scene):
        self.scene = scene
        try voice.tell(.scenario(scene))
      case .apply(let lines):
        for line in lines { try await apply(line.split(separator: " ").map(String.init)) }
      }
    }
  }

  /// Breaks or mends, and answers in which words.
  @discardableResult
  private func apply(_ words: [String]) async throws -> String {
    let faults = try await stage.faults(of: words)
    let clients = await stage.fleet.clients
    for fault in faults { try await stage.apply(fault) }
    return faults.map { $0.words(from: clients) }.joined(separator: "\n")
  }

  private func obey(_ request: LabRequest) async throws -> (LabAnswer, Turn?) {
    switch request {
    case .next:
      guard scene != nil, order.count > 1 else { return (.refused("there is no next scenario"), nil) }
      return (.done("goes on"), .next)
    case .play(let name):
      guard let index = library.firstIndex(where: { $0.name == name }) else {
        return (.refused("no scenario that can be played here is called \(name); \(choices)"), nil)
      }
      return (.done("plays \(name)"), .play(index))
    case .fault(let words):
      if words.isEmpty { return (.done(FaultWords.usage), nil) }
      do {
        return (.done(try await apply(words)), nil)
      } catch let error as FaultWordsError {
        return (.refused("\(error)"), nil)
      } catch let error as GroundError {
        return (.refused("\(error)"), nil)
      }
    case .status: return (.done(await status()), nil)
    case .stop: return (.done("stops"), .stop)
    }
  }

  private var choices: String { "there are " + library.map(\.name).joined(separator: ", ") }

  private func status() async -> String {
    let playing = scene.map { "\($0.scenario) (\($0.number) of \($0.count)): \($0.phase.rawValue)" }
    let faults = await stage.faults.map { "  " + $0.words }
    return ([playing ?? "nothing is played", faults.isEmpty ? "nothing is broken" : "changed:"] + faults)
      .joined(separator: "\n")
  }
}
