internal import ArgumentParser
internal import DeptopScreen
internal import DeptopTerminal

/// `deptop demo`: the lab, and the dashboard on it.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Play outages on this machine and repair them with the keys that the caption names.",
    discussion: """
      Starts real servers, clients and a collector in namespaces of their own, without root, and opens the dashboard \
      on them. Nothing outside is touched, and everything ends with the dashboard.
      Where namespaces are forbidden it plays on loopback addresses, and says which scenarios that leaves out.
      """)

  @Option(help: "Play this scenario; can be given several times. deptop lab scenarios lists them; all unless given.")
  var scenario: [String] = []

  @Flag(help: "Play on loopback addresses, without namespaces and without a router.")
  var loopback = false

  @OptionGroup var appearance: AppearanceOptions

  /// How long the lab may take to start.
  private static let patience = Duration.seconds(30)

  func validate() throws {
    guard let empty = scenario.first(where: { $0.isEmpty || $0.hasPrefix("-") }) else { return }
    throw ValidationError("\u{22}\(empty)\u{22} is no scenario; deptop lab scenarios lists them")
  }

  /// Runs until the operator quits; the calling thread, which is the main one, owns the terminal.
  func run() throws {
    guard Output.isTerminal else {
      throw ValidationError("the demo needs a terminal; deptop lab run plays without a dashboard")
    }
    let theme = try appearance.chosenTheme
    Output.write("starting the lab \(Output.glyphs.ellipsis)\n")
    // Until the lab is there nothing is blocked: ctrl-c ends this process, and with it the lab's lifeline.
    let lab = try LabProcess(OwnProgram("deptop-lab"), arguments)
    defer { lab.stop() }
    let ready = try lab.waitUntilReady(atMost: DemoCommand.patience)
    Terminal.blockSignals()
    let waker = try TerminalWaker()
    let link = CollectorLink(socketPath: ready.controlSocket, waker: waker)
    let following = link.start()
    defer { following.cancel() }
    let labLink = LabLink(labSocket: ready.labSocket, waker: waker)
    labLink.follow(lab, from: ready)
    let terminal = try Terminal.open(waker: waker)
    var program = DashboardProgram(
      terminal: terminal, link: link, lab: labLink, theme: theme, isPlain: appearance.plain, startsArmed: true)
    program.run()
  }

  private var arguments: [String] { scenario.flatMap { ["--scenario", $0] } + (loopback ? ["--loopback"] : []) }
}
