internal import DeptopBlocking
internal import Glibc

/// Wakes a thread that waits in `poll`, once and for good.
package final class Interrupt: Sendable {
  /// Readable once the interrupt is raised; -1, which `poll` ignores, when the system has no descriptor left.
  package let descriptor: Int32
  private let other: Int32

  package init() {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    var pair: [Int32] = [-1, -1]
    let status = unsafe socketpair(AF_UNIX, type, 0, &pair)
    (descriptor, other) = status == 0 ? (pair[0], pair[1]) : (-1, -1)
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      close(other)
    }
  }

  package func raise() {
    // The end of the stream stays readable, which a written byte would not.
    if other >= 0 { shutdown(other, Int32(SHUT_RDWR)) }
  }
}

extension BlockingThread {
  /// Runs a call that watches an interrupt, and raises the interrupt when the task is cancelled.
  package func runInterruptibly<Value: Sendable>(_ work: @escaping @Sendable (Interrupt) -> Value) async -> Value {
    let interrupt = Interrupt()
    return await withTaskCancellationHandler {
      await run { work(interrupt) }
    } onCancel: {
      interrupt.raise()
    }
  }
}
