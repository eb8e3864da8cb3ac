internal import DeptopBlocking
package import DeptopModel

/// Opens TCP connections to see whether that succeeds and how long it takes, and closes them at once.
package final class ConnectProbe: Sendable {
  private let thread = BlockingThread()

  package init() {}

  /// Connects to every address, to all of them at the same time and to each as often as asked, one after the other.
  ///
  /// - Parameters:
  ///   - addresses: Where to connect to.
  ///   - attempts: How often each address is connected to; 1 or more.
  ///   - timeout: How long each attempt may take.
  ///   - sockets: Where the connections come from.
  /// - Returns: The attempts at each address, in the order of the addresses. Attempts that a cancelled task
  ///   did not finish are missing.
  package func connectTimes(
    to addresses: [SocketAddress], attempts: Int, timeout: Duration, from sockets: any SocketOpening = OwnSockets()
  ) async -> [[ConnectAttempt]] {
    let targets = addresses.map { ConnectTarget(address: $0, sockets: sockets) }
    return await outcome(of: targets, attempts: attempts, timeout: timeout).results
  }

  /// The same, each from where it says, with the reasons why sockets were refused: those are also the failures of the
  /// attempts that had none.
  func outcome(
    of targets: [ConnectTarget], attempts: Int, timeout: Duration
  ) async -> (results: [[ConnectAttempt]], refusals: Set<String>) {
    await thread.runInterruptibly { interrupt in
      var run = ConnectRun(targets: targets, attempts: attempts, timeout: timeout)
      return (run.results(interrupt: interrupt), run.refusals)
    }
  }
}
