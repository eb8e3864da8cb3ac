internal import DeptopBlocking
internal import Glibc

/// Reads what a process of the lab prints and waits for its end, on a thread of its own.
final class RoleWatch: Sendable {
  /// True once it serves, false when it ended before.
  let ready = Latch<Bool>()
  let exit = Latch<Int32>()
  private let child: RunningChild
  private let output: LabDescriptor
  private let log: LabDescriptor

  init(child: RunningChild, output: LabDescriptor, log: LabDescriptor) {
    self.child = child
    self.output = output
    self.log = log
    // What it left in the pipe is read after its end; a process of its own may still hold the other end then.
    _ = fcntl(output.number, F_SETFL, O_NONBLOCK)
  }

  func start() {
    let thread = BlockingThread()
    // Keeps the thread until the process has ended.
    thread.start { [thread, self] in
      withExtendedLifetime(thread) { watch() }
    }
  }

  private func watch() {
    var text = LineSplitter()
    var isOpen = true
    while true {
      let hasEnded = waitForNews(isOpen)
      isOpen = isOpen && take(&text)
      if hasEnded { break }
    }
    if isOpen { _ = take(&text) }
    let status = child.wait()
    ready.set(false)
    exit.set(status)
  }

  /// Answers whether the process has ended.
  private func waitForNews(_ isOpen: Bool) -> Bool {
    var watched = [pollfd(fd: child.process.number, events: Int16(POLLIN), revents: 0)]
    if isOpen { watched.append(pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)) }
    return unsafe poll(&watched, nfds_t(watched.count), -1) > 0 && watched[0].revents != 0
  }

  /// Takes what is there; answers false when there will be nothing more.
  private func take(_ text: inout LineSplitter) -> Bool {
    while let bytes = output.read() {
      for line in text.lines(adding: bytes) {
        if line == Array("ready".utf8) { ready.set(true) } else { _ = log.write(line + [UInt8(ascii: "\n")]) }
      }
    }
    return errno == EAGAIN
  }
}

/// Cuts bytes into lines; one that is longer than 64 KiB is cut there.
struct LineSplitter {
  private var rest: [UInt8] = []

  mutating func lines(adding bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || rest.count == 65536 {
        lines.append(rest)
        rest = []
      }
      if byte != UInt8(ascii: "\n") { rest.append(byte) }
    }
    return lines
  }
}
