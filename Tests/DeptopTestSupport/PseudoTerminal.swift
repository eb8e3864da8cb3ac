package import DeptopScreen
package import Glibc

/// A program under a shell with job control on a real pseudo terminal, looked at from outside.
///
/// The shell matters: the kernel resets a terminal's mode when the session's leader exits, so a program that leads the
/// session itself always seems to clean up. Everything is bounded by deadlines, nothing sleeps.
package final class PseudoTerminal {
  package enum Failure: Error, Sendable, Hashable {
    /// A system call failed; `code` is its errno.
    case system(operation: String, code: CInt)
    case programDidNotStart
  }

  package enum Ending: Sendable, Hashable {
    case exited(Int)
    case signal(Int)
    /// The terminal was hung up, so nobody was left to tell how.
    case gone
  }

  /// What a terminal would show.
  package private(set) var emulator: TerminalEmulator
  /// All that the program wrote.
  package private(set) var received: [UInt8] = []
  package private(set) var processIdentifier: pid_t = 0
  package private(set) var ending: Ending?
  /// Whether the program is stopped and waits for ``resumeProgram()``.
  package private(set) var isStopped = false
  /// The terminal's mode before the program started.
  package let initialMode: TerminalMode?

  private let slave: CInt
  private var master: CInt
  private let leader: ShellLeader
  private var reports = ""

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - command: the program's path and its arguments.
  ///   - environment: all variables that it gets.
  ///   - size: the terminal's size.
  /// - Throws: ``Failure``.
  package init(_ command: [String], environment: [String: String], size: Size) throws {
    emulator = TerminalEmulator(size: size)
    master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var lock: CInt = 0
    var number: CInt = 0
    guard master >= 0, unsafe ioctl(master, PseudoTerminal.setLock, &lock) == 0,
      unsafe ioctl(master, PseudoTerminal.getNumber, &number) == 0
    else { throw Failure.system(operation: "open a pseudo terminal", code: errno) }
    let path = "/dev/pts/\(number)"
    slave = unsafe open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw Failure.system(operation: "open \(path)", code: errno) }
    initialMode = TerminalMode(slave)
    PseudoTerminal.set(size, of: master)
    leader = try ShellLeader(command, environment: environment, terminal: path)
    guard wait({ $0.processIdentifier > 0 }) else { throw Failure.programDidNotStart }
  }

  deinit {
    if ending == nil, processIdentifier > 0 { kill(processIdentifier, SIGKILL) }
    leader.end()
    if master >= 0 { close(master) }
    close(slave)
  }

  /// The mode that the program left or set.
  package var mode: TerminalMode? { TerminalMode(slave) }

  /// Types keys; what does not fit into the kernel's buffer is lost, as for a real terminal.
  package func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
  }

  package func send(_ signal: CInt) { kill(processIdentifier, signal) }

  package func resize(to size: Size) {
    emulator.resize(to: size)
    PseudoTerminal.set(size, of: master)
  }

  /// Takes the terminal away, as a lost connection does.
  package func hangUp() {
    close(master)
    master = -1
  }

  /// Lets the shell bring a stopped program back to the foreground.
  package func resumeProgram() {
    isStopped = false
    leader.proceed()
  }

  /// Reads until the condition holds; false when it does not in time or the program has ended before.
  @discardableResult
  package func wait(for timeout: Duration = .seconds(20), _ condition: (PseudoTerminal) -> Bool) -> Bool {
    let deadline = ContinuousClock.now + timeout
    while !condition(self) {
      guard pump(until: deadline) else { return condition(self) }
    }
    return true
  }

  /// Waits without reading from the terminal, as one that is stalled.
  @discardableResult
  package func waitStalled(for timeout: Duration = .seconds(20), _ condition: (PseudoTerminal) -> Bool) -> Bool {
    let deadline = ContinuousClock.now + timeout
    while !condition(self) {
      guard pump(until: deadline, isReading: false) else { return condition(self) }
    }
    return true
  }

  /// Reads until the program has written nothing for a while.
  package func settle(_ silence: Duration = .milliseconds(150)) {
    var count = -1
    while count != received.count {
      count = received.count
      wait(for: silence) { $0.received.count != count }
    }
  }

  /// Waits for the end of the program and reads what it wrote until then.
  package func waitForEnd(_ timeout: Duration = .seconds(20)) -> Ending? {
    wait(for: timeout) { $0.ending != nil }
    while read() {}
    return ending
  }

  private func pump(until deadline: ContinuousClock.Instant, isReading: Bool = true) -> Bool {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { return false }
    let milliseconds = CInt(left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1)
    var set = [
      pollfd(fd: isReading ? master : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: ending == nil ? leader.reports : -1, events: Int16(POLLIN), revents: 0),
    ]
    guard unsafe poll(&set, 2, milliseconds) >= 0 else { return errno == EINTR }
    if set[1].revents != 0 { readReports() }
    if set[0].revents != 0, !read(), ending != nil { return false }
    return true
  }

  /// Answers whether something was read.
  private func read() -> Bool {
    guard master >= 0 else { return false }
    let bytes = leader.read(master)
    received += bytes
    emulator.feed(bytes)
    return !bytes.isEmpty
  }

  private func readReports() {
    let bytes = leader.read(leader.reports)
    if bytes.isEmpty { ending = ending ?? .gone }
    reports += String(decoding: bytes, as: UTF8.self)
    while let end = reports.firstIndex(of: "\n") {
      report(reports[..<end].split(separator: " "))
      reports = String(reports[reports.index(after: end)...])
    }
  }

  private func report(_ words: [Substring]) {
    let number = words.last.flatMap { Int($0) } ?? 0
    switch words.first {
    case "pid": processIdentifier = pid_t(number)
    case "stopped": isStopped = true
    case "exit": ending = number > 128 ? .signal(number - 128) : .exited(number)
    default: break
    }
  }

  /// TIOCSPTLCK and TIOCGPTN; Swift does not import macros that compute.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  private static func set(_ size: Size, of terminal: CInt) {
    var value = winsize(ws_row: UInt16(size.rows), ws_col: UInt16(size.columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(terminal, UInt(TIOCSWINSZ), &value)
  }
}
