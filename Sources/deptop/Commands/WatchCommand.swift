internal import ArgumentParser
internal import DeptopConnection
internal import DeptopWire

/// `deptop watch`: the collector's stream as it comes.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Print the stream: a full snapshot, then what changed, one JSON value per line.")

  @OptionGroup var collector: CollectorOptions

  @Option(help: "Seconds between two lines at least; every tick unless given.")
  var interval: Double?

  @Option(help: "Only this dependency; can be given several times.")
  var dependency: [String] = []

  func run() async throws {
    var parameters = dependency.map { "dependency=" + PercentEncoding.encode($0) }
    if let interval { parameters.append("interval_seconds=\(interval)") }
    let query = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
    try await collector.connection.lines(API.stream + query) { line in
      Output.write(line + [UInt8(ascii: "\n")])
    }
    throw CollectorError.lost("the collector ended the stream")
  }
}
