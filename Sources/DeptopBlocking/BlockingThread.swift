internal import Glibc
internal import Synchronization

/// A thread of its own for calls that block, so that a hung peer costs this thread and nothing else.
///
/// Work is done in the order in which it arrives. The thread ends when its owner lets go of it and the
/// work in hand is done.
package final class BlockingThread: Sendable {
  private let queue = WorkQueue()

  package init() {
    let queue = queue
    startThread { queue.workUntilClosed() }
  }

  deinit {
    queue.close()
  }

  /// Runs one call on the thread and waits for its result without holding a task thread.
  package func run<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
      queue.append {
        do throws(Failure) {
          continuation.resume(returning: .success(try work()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  /// Runs one call on the thread without waiting for its end.
  package func start(_ work: @escaping @Sendable () -> Void) {
    queue.append(work)
  }
}

/// Work for one thread: appended from anywhere, taken by the thread that waits for it.
private final class WorkQueue: Sendable {
  private struct State {
    var work: [@Sendable () -> Void] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let available = Semaphore()

  func append(_ work: @escaping @Sendable () -> Void) {
    state.withLock { $0.work.append(work) }
    available.signal()
  }

  func close() {
    state.withLock { $0.isClosed = true }
    available.signal()
  }

  func workUntilClosed() {
    while true {
      available.wait()
      let next = state.withLock { state -> (@Sendable () -> Void)? in
        state.work.isEmpty ? nil : state.work.removeFirst()
      }
      if let next {
        next()
      } else if state.withLock({ $0.isClosed }) {
        return
      }
    }
  }
}

/// A POSIX semaphore in memory of its own, as `sem_t` must not move.
@safe private final class Semaphore: @unchecked Sendable {
  // Sendable because sem_post and sem_wait may be called from any thread, and the pointer never changes.
  private let pointer: UnsafeMutablePointer<sem_t>

  init() {
    unsafe pointer = .allocate(capacity: 1)
    unsafe sem_init(pointer, 0, 0)
  }

  deinit {
    unsafe sem_destroy(pointer)
    unsafe pointer.deallocate()
  }

  func signal() {
    unsafe sem_post(pointer)
  }

  func wait() {
    while unsafe sem_wait(pointer) != 0 && errno == EINTR {}
  }
}

/// Starts a detached thread.
private func startThread(_ body: @escaping @Sendable () -> Void) {
  let context = unsafe Unmanaged.passRetained(ThreadBody(body: body)).toOpaque()
  var thread = pthread_t()
  let status = unsafe pthread_create(
    &thread, nil,
    { context in
      guard let context = unsafe context else { return nil }
      unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().body()
      return nil
    }, context)
  precondition(status == 0, "the system refuses a thread: error \(status)")
  pthread_detach(thread)
}

private final class ThreadBody: Sendable {
  let body: @Sendable () -> Void

  init(body: @escaping @Sendable () -> Void) {
    self.body = body
  }
}
