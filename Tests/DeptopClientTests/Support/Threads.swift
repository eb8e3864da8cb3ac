@testable internal import DeptopClient

/// Runs a body on several threads at once and waits for all of them.
func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let ends = (0..<count).map { _ in Wakeup() }
  for (number, end) in ends.enumerated() {
    let isStarted = ClientThread.start("test-\(number)") {
      body(number)
      end.set()
    }
    if !isStarted { end.set() }
  }
  for end in ends { end.wait(for: .seconds(60)) }
}
