internal import DeptopBlocking
internal import Glibc
internal import ServiceLifecycle

/// Ends when standard input ends: a private collector does not outlive the dashboard that started it, whatever
/// became of that.
struct Lifeline: Service {
  func run() async throws {
    await cancelWhenGracefulShutdown { await waitForEndOfInput() }
  }

  private func waitForEndOfInput() async {
    let input = AsyncStream<Void> { continuation in
      let thread = BlockingThread()
      let reading = Task {
        await thread.run { Lifeline.readToEnd() }
        continuation.finish()
      }
      continuation.onTermination = { _ in reading.cancel() }
    }
    for await _ in input {}
  }

  private static func readToEnd() {
    var byte: UInt8 = 0
    while true {
      let count = unsafe read(STDIN_FILENO, &byte, 1)
      if count == 0 || (count < 0 && errno != EINTR) { return }
    }
  }
}
