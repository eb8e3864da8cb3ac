internal import ArgumentParser
internal import Glibc

/// What the other subcommands start beside their measurements: a feeding collector.
struct FeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feed", abstract: "Serve made-up readings until standard input ends.", shouldDisplay: false)

  @Option var socket: String
  @Option var dependencies = 1000
  @Option var changing = 1000
  @Option var intervalMilliseconds = 1000

  func run() throws {
    let host = FeedHost(
      dependencies: dependencies, changing: changing, tickInterval: .milliseconds(intervalMilliseconds))
    var server = try FeedServer(host: host, socketPath: socket)
    announceReadiness()
    try server.run()
  }
}

/// What the other subcommands start beside their measurements: connections.
struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Hold connections on loopback until standard input ends.", shouldDisplay: false)

  /// No measurement takes longer, and nothing is held for ever.
  private static let longest = Duration.seconds(900)

  @Option var sockets = 10_000
  @Option var ports = 100

  func run() throws {
    let holder = try SocketHolder(sockets: sockets, ports: ports)
    announceReadiness()
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&input, 1, CInt(HoldCommand.longest / .milliseconds(1)))
    _ = consume holder
  }
}

private func announceReadiness() {
  let byte: [UInt8] = [UInt8(ascii: "\n")]
  _ = unsafe write(STDOUT_FILENO, byte, byte.count)
}
