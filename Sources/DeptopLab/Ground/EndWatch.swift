internal import CLab
internal import Glibc

/// What a process waits for whose only work is that everything ends in order: the end of its standard input, a signal
/// that asks for the end, and the end of children.
struct EndWatch: ~Copyable {
  private let signals: LabDescriptor
  private var watchesInput = true
  /// True once the standard input has ended.
  private(set) var inputHasEnded = false

  enum News: Hashable {
    /// Nobody needs this process any longer.
    case end
    /// A child has ended, or the time is over: look.
    case look
  }

  init() throws(GroundError) {
    let number = clab_signal_descriptor()
    guard number >= 0 else { throw .system("no signals can be received", code: -number) }
    signals = LabDescriptor(number)
  }

  /// Waits, at most for so many milliseconds; -1 for no limit.
  mutating func next(within milliseconds: Int32) -> News {
    var watched = [pollfd(fd: signals.number, events: Int16(POLLIN), revents: 0)]
    if watchesInput { watched.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
    guard unsafe poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return .look }
    var news = News.look
    while case let signal = clab_signal_next(signals.number), signal > 0 {
      if signal != SIGCHLD { news = .end }
    }
    if watched.count > 1, watched[1].revents != 0, takeInput() { news = .end }
    return news
  }

  /// Takes what is there, which nobody wants, and answers whether that was the end.
  private mutating func takeInput() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 || (count < 0 && errno == EINTR) { return false }
    watchesInput = false
    // An input that cannot be read, such as the terminal of a program in the background, has not ended.
    inputHasEnded = count == 0
    return inputHasEnded
  }
}

/// A moment on the clock that a suspended machine does not stop.
struct Deadline {
  private let end: ContinuousClock.Instant

  init(after time: Duration) {
    end = .now + time
  }

  var hasPassed: Bool { ContinuousClock.now >= end }
}
