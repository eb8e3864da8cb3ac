internal import NIOCore
internal import NIOPosix

/// Runs tasks on the thread that also serves their connections: what arrives there wakes no other thread.
///
/// A task that computes for long holds up what else goes over the same thread.
package final class ConnectionExecutor: TaskExecutor {
  let loop: any EventLoop

  package init() {
    loop = MultiThreadedEventLoopGroup.singleton.any()
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { [self] in unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
