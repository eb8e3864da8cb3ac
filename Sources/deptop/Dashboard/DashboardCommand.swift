internal import ArgumentParser
internal import DeptopTerminal

/// `deptop`: the dashboard.
struct DashboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dashboard", abstract: "Open the dashboard; this is what deptop does without a subcommand.")

  @OptionGroup var collector: CollectorOptions

  @Flag(help: "Start a private collector without configuration, for as long as the dashboard is open.")
  var local = false

  @Flag(help: "Start armed for ten minutes instead of read-only.")
  var write = false

  @OptionGroup var appearance: AppearanceOptions

  func validate() throws {
    if local && collector.socket != nil {
      throw ValidationError("--local starts a collector of its own, and --socket names another: choose")
    }
  }

  /// Runs until the operator quits; the calling thread owns the terminal.
  func runOnThisThread() throws {
    Terminal.blockSignals()
    let privateCollector = local ? try LocalCollector() : nil
    defer { privateCollector?.stop() }
    // The first snapshot travels while theme and terminal are made ready.
    let waker = try TerminalWaker()
    let link = CollectorLink(socketPath: privateCollector?.socketPath ?? collector.socketPath, waker: waker)
    let following = link.start()
    defer { following.cancel() }
    let theme = try appearance.chosenTheme
    let terminal = try Terminal.open(waker: waker)
    var program = DashboardProgram(
      terminal: terminal, link: link, theme: theme, isPlain: appearance.plain, startsArmed: write)
    program.run()
  }
}
