internal import Dispatch
internal import Glibc

/// The request to end in order.
enum EndSignal {
  /// Waits for SIGTERM or SIGINT, which from now on do not end the process; returns when the task is cancelled too.
  static func wait() async {
    let (signals, news) = AsyncStream.makeStream(of: Void.self)
    let sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { news.yield() }
      source.activate()
      return source
    }
    for await _ in signals { break }
    for source in sources { source.cancel() }
  }
}
