internal import DeptopDashboard
internal import DeptopModel
internal import DeptopScreen
internal import DeptopTerminal
internal import DeptopThemes

/// The dashboard's loop: waits for keys, mail and the clock, lets the state react, and draws.
///
/// One thread does all of it; nothing in the loop blocks but the wait.
struct DashboardProgram: ~Copyable {
  /// How long a live collector may say nothing before it counts as lost, in ticks and at least.
  private static let silentTicks = 3
  private static let leastSilence = Duration.seconds(2)
  /// How much later than its tick a snapshot may come before the clock goes on without it.
  private static let lateness = Duration.milliseconds(250)

  private var terminal: Terminal
  private var state: DashboardState
  private var inks: Inks
  private let colorDepth: ColorDepth
  private var snapshot: Snapshot?
  private var heardAt = ContinuousClock.now
  private let link: CollectorLink
  private let lab: LabLink?
  private var isDone = false

  init(
    terminal: consuming Terminal, link: CollectorLink, lab: LabLink? = nil, theme: Theme, isPlain: Bool,
    startsArmed: Bool
  ) {
    colorDepth = isPlain ? .mono : terminal.colorDepth
    inks = theme.inks(at: colorDepth)
    self.link = link
    self.lab = lab
    state = DashboardState(
      size: terminal.size, themes: BuiltInTheme.names, theme: theme.name,
      isASCII: isPlain || terminal.encoding == .ascii,
      armedUntil: startsArmed ? .now() + DashboardState.armedTime : nil, clock: .current())
    self.terminal = terminal
  }

  /// Runs until the operator quits, the process is asked to end, or the terminal goes away.
  mutating func run() {
    draw()
    while !isDone {
      let readiness = terminal.wait(timeout: untilNextDrawing())
      var didChange = readiness.isTimeout
      for event in readiness.events { didChange = take(event) || didChange }
      if readiness.isWoken { didChange = takeMail() || didChange }
      noticeSilence()
      if readiness.isTimeout { react(to: .tick) }
      if didChange, !isDone { draw() }
    }
  }

  /// Until the clock has to be drawn without another reason: snapshots that come every second carry it along, which
  /// spares every other wake-up and frame.
  private func untilNextDrawing() -> Duration {
    if state.link.isLive, let interval = snapshot?.collector.tickInterval, interval <= .seconds(1) {
      let wait = ContinuousClock.now.duration(to: heardAt + interval + DashboardProgram.lateness)
      if wait > .zero { return wait }
    }
    let seconds = WallTime.now().secondsSinceEpoch
    return .seconds(seconds.rounded(.down) + 1 - seconds + 0.001)
  }

  private mutating func draw() {
    terminal.present(Dashboard.draw(snapshot, state: state, inks: inks, now: .now()))
  }

  /// Takes an event, and answers whether the screen may have changed.
  private mutating func take(_ event: TerminalEvent) -> Bool {
    switch event {
    case .key(let key): react(to: .key(key))
    case .paste(let text): react(to: .pasted(text))
    case .resize(let size): react(to: .resized(size))
    case .resumed: state.clock = .current()
    case .termination(.interrupt): react(to: .key(.control("c")))
    case .termination, .endOfInput: isDone = true
    }
    return true
  }

  private mutating func takeMail() -> Bool {
    let mail = link.takeMail()
    let news = lab?.takeMail() ?? []
    for input in mail.inputs + news { react(to: input) }
    if let newest = mail.snapshot {
      snapshot = newest
      heardAt = .now
      if !state.link.isLive { react(to: .linkChanged(.live(roundTrip: nil))) }
      react(to: .snapshotReceived)
    }
    return mail.snapshot != nil || !mail.inputs.isEmpty || !news.isEmpty
  }

  /// A collector that hangs closes nothing: it is noticed by its silence.
  private mutating func noticeSilence() {
    guard state.link.isLive, let snapshot else { return }
    let limit = max(DashboardProgram.leastSilence, snapshot.collector.tickInterval * DashboardProgram.silentTicks)
    let silence = heardAt.duration(to: .now)
    guard silence > limit else { return }
    react(to: .linkChanged(.lost(since: .now() - silence, reason: "it says nothing", nextAttemptAt: nil)))
  }

  private mutating func react(to input: DashboardInput) {
    for effect in state.handle(input, snapshot: snapshot, now: .now()) { carryOut(effect) }
  }

  private mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .quit: isDone = true
    case .redraw: terminal.redraw()
    case .copy(let text):
      let didAsk = terminal.copyToClipboard(text)
      react(to: .noticed(didAsk ? "copied" : "this terminal has no clipboard", didAsk ? .done : .problem))
    case .useTheme(let name): use(theme: name)
    case .lab(let request): lab?.ask(request)
    default: link.carryOut(effect)
    }
  }

  private mutating func use(theme name: String) {
    do {
      inks = try Theme.named(name).inks(at: colorDepth)
    } catch {
      react(to: .noticed("\(error)", .problem))
    }
  }
}
