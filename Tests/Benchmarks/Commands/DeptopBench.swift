internal import ArgumentParser

/// `deptop-bench`: the product's figures beside those of its peers.
@main
struct DeptopBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deptop-bench",
    abstract: "Measures deptop beside programs of the same kind, on this host, in the same run.",
    discussion: """
      Peers that are installed take part, those that are not are named: htop, top (procps), btop, pg_top (with a \
      PostgreSQL of its own), ss (iproute2). On Debian: apt install htop procps btop pgtop postgresql iproute2.
      Programs are measured in turn, round by round; figures are medians. Read ratios rather than times, and measure \
      a release build: swift build -c release --static-swift-stdlib.
      With --json, ratioToPEER is deptop's headline figure over that peer's: below 1 deptop needs less.
      """,
    subcommands: [
      PaintCommand.self, KeysCommand.self, BytesCommand.self, SweepCommand.self, TickCommand.self,
      PercentilesCommand.self, RecordCommand.self, DrainVsRestartCommand.self, FeedCommand.self, HoldCommand.self,
    ])
}

/// How the result is told, and how long may be measured.
struct ReportOptions: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Fewer rounds: a first impression.")
  var quick = false
}

/// Which dashboard is measured.
struct ProductOptions: ParsableArguments {
  @Option(help: "The dashboard's path, with deptopd beside it; else both are looked for beside this program.")
  var deptop: String?
}
