internal import DeptopScreen
internal import DeptopTestSupport
internal import Glibc

/// A program on a pseudo terminal of its own; notes what it writes, and when.
///
/// It leads its session, so that the time from its start contains nothing but the program.
final class TerminalSession {
  let program: Program
  let size: Size
  let pid: pid_t
  /// Just before the program was started.
  let startedAt: ContinuousClock.Instant
  private(set) var outputs: [Output] = []
  private(set) var hasEnded = false
  private let master: CInt
  /// Whether cursor keys are sent in the form that the keypad's application mode wants.
  private var usesApplicationKeys = false

  init(_ program: Program, size: Size = TerminalSession.usualSize) throws(BenchmarkFailure) {
    self.program = program
    self.size = size
    let (master, path) = try TerminalSession.openTerminal(size)
    self.master = master
    let launch = Launch(
      arguments: program.arguments, environment: program.environment, standardStreams: .terminal(path: path))
    startedAt = .now
    do {
      pid = try launch.start()
    } catch {
      close(master)
      throw error
    }
  }

  deinit {
    kill(pid, SIGTERM)
    pump(until: .now + .milliseconds(500))
    if !hasEnded { kill(pid, SIGKILL) }
    close(master)
    var status: CInt = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }

  static let usualSize = Size(columns: 160, rows: 48)

  /// Reads until a time, or until the first output when that is all that is wanted.
  ///
  /// - Returns: When the first output was read; nil when there was none.
  @discardableResult
  func pump(until deadline: ContinuousClock.Instant, stopsAtOutput: Bool = false) -> ContinuousClock.Instant? {
    var first: ContinuousClock.Instant?
    while !hasEnded {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { break }
      var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&ready, 1, CInt((left / .milliseconds(1)).rounded(.up))) > 0 else { continue }
      guard let output = read() else { continue }
      first = first ?? output.time
      if stopsAtOutput { break }
    }
    return first
  }

  /// Reads until the program has written nothing for a while.
  ///
  /// - Returns: Whether it fell silent before the limit.
  @discardableResult
  func pump(untilSilentFor silence: Duration, atMost limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    while !hasEnded, ContinuousClock.now < deadline {
      let last = outputs.last?.time ?? .now
      let end = last + silence
      if end <= .now { return true }
      pump(until: min(end, deadline), stopsAtOutput: true)
    }
    return false
  }

  /// Reads until the program shows its content, if it is known what that is.
  ///
  /// - Throws: ``BenchmarkFailure`` when it does not within the limit.
  func pumpUntilContent(within limit: Duration = .seconds(20)) throws(BenchmarkFailure) {
    guard let content = program.content else { return }
    let deadline = ContinuousClock.now + limit
    var replay = Replay(size: size)
    var shown = 0
    while !replay.screen.shows(content) {
      guard !hasEnded, ContinuousClock.now < deadline else {
        throw BenchmarkFailure(
          "\(program.name) does not show \(content):\n\(replay.screen.screen.joined(separator: "\n"))")
      }
      pump(until: deadline, stopsAtOutput: true)
      replay.show(outputs[shown...])
      shown = outputs.count
    }
  }

  /// Types a key, and answers the time just before.
  func type(_ key: Key) -> ContinuousClock.Instant {
    let bytes = Array(key.bytes(isApplication: usesApplicationKeys).utf8)
    let time = ContinuousClock.now
    _ = unsafe write(master, bytes, bytes.count)
    return time
  }

  private func read() -> Output? {
    var code: CInt = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      let result = unsafe Glibc.read(master, buffer.baseAddress, buffer.count)
      code = result < 0 ? errno : 0
      count = max(0, result)
    }
    let time = ContinuousClock.now
    guard !bytes.isEmpty else {
      // The other side was closed by the last process that had it open.
      if code != EAGAIN && code != EINTR { hasEnded = true }
      return nil
    }
    let output = Output(time: time, bytes: bytes)
    outputs.append(output)
    if outputs.count < 8, bytes.contains(0x1b), String(decoding: bytes, as: UTF8.self).contains("\u{1b}[?1h") {
      usesApplicationKeys = true
    }
    return output
  }

  private static func openTerminal(_ size: Size) throws(BenchmarkFailure) -> (CInt, String) {
    let master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    guard master >= 0 else { throw BenchmarkFailure("open a pseudo terminal", code: errno) }
    var lock: CInt = 0
    var number: CInt = 0
    var window = winsize(ws_row: UInt16(size.rows), ws_col: UInt16(size.columns), ws_xpixel: 0, ws_ypixel: 0)
    guard unsafe ioctl(master, setLock, &lock) == 0, unsafe ioctl(master, getNumber, &number) == 0,
      unsafe ioctl(master, UInt(TIOCSWINSZ), &window) == 0
    else {
      let code = errno
      close(master)
      throw BenchmarkFailure("prepare a pseudo terminal", code: code)
    }
    return (master, "/dev/pts/\(number)")
  }

  /// TIOCSPTLCK and TIOCGPTN; Swift does not import macros that compute.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430
}

/// A key that moves a selection.
enum Key {
  case up, down

  fileprivate func bytes(isApplication: Bool) -> String {
    "\u{1b}\(isApplication ? "O" : "[")\(self == .up ? "A" : "B")"
  }
}
