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
  /// - Returns: The attempts at each address, in the order of the addresses. Attempts that a cancelled task
  ///   did not finish are missing.
  package func connectTimes(
    to addresses: [SocketAddress], attempts: Int, timeout: Duration
  ) async -> [[ConnectAttempt]] {
    await thread.runInterruptibly { interrupt in
      var run = ConnectRun(addresses: addresses, attempts: attempts, timeout: timeout)
      return run.results(interrupt: interrupt)
    }
  }
}
