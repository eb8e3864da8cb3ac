internal import DeptopBlocking
internal import Glibc
internal import Synchronization

/// Writes one process's part of the lab's ledger.
///
/// Lines are kept for up to 100 ms and then written together by a thread of its own, so that ``append(_:)`` never
/// waits for a disk. A line that cannot be written ends the process: a ledger with a silent gap would prove nothing.
package final class LedgerWriter: Sendable {
  private let pages: LedgerPages
  private let thread = BlockingThread()

  /// Opens the file, which is created for its owner alone when there is none, and is only ever added to.
  ///
  /// - Parameters:
  ///   - path: The file; several writers may share one.
  ///   - lost: What is done, once, when lines cannot be written. By default the process says so and ends with 1.
  /// - Throws: ``LedgerProblem`` when the file cannot be opened.
  package init(
    path: String, lost: @escaping @Sendable (LedgerProblem) -> Void = { $0.endProcess() }
  ) throws(LedgerProblem) {
    pages = LedgerPages(file: try LedgerFile(path: path), lost: lost)
  }

  /// Adds a line; it is written within about 100 ms.
  package func append(_ line: LedgerLine) {
    guard pages.add(line) else { return }
    thread.start { [pages] in
      usleep(LedgerWriter.delay)
      pages.writeDue()
    }
  }

  /// Writes every line that was added, and returns when the system has them.
  package func flush() {
    pages.write()
  }

  /// How long a line is kept for others to join it, microseconds.
  private static let delay: UInt32 = 100_000
}

/// Lines that wait, and the file that they go to.
private final class LedgerPages: Sendable {
  private struct Waiting {
    var bytes: [UInt8] = []
    /// True while the thread has been asked to write soon.
    var isDue = false
  }

  private let waiting = Mutex(Waiting())
  /// Held while lines are taken and written, so that they reach the file in their order.
  private let file: Mutex<LedgerFile?>
  private let lost: @Sendable (LedgerProblem) -> Void

  init(file: consuming sending LedgerFile, lost: @escaping @Sendable (LedgerProblem) -> Void) {
    self.file = Mutex(file)
    self.lost = lost
  }

  /// True when somebody has to be asked to write soon.
  func add(_ line: LedgerLine) -> Bool {
    waiting.withLock { waiting in
      waiting.bytes.append(contentsOf: line.text.utf8)
      waiting.bytes.append(UInt8(ascii: "\n"))
      defer { waiting.isDue = true }
      return !waiting.isDue
    }
  }

  /// Does what ``add(_:)`` asked for.
  func writeDue() {
    waiting.withLock { $0.isDue = false }
    write()
  }

  func write() {
    let problem = file.withLock { file -> LedgerProblem? in
      let lines = waiting.withLock { waiting in
        defer { waiting.bytes.removeAll(keepingCapacity: waiting.bytes.capacity <= 1 << 16) }
        return waiting.bytes
      }
      guard !lines.isEmpty, let open = file else { return nil }
      do throws(LedgerProblem) {
        try open.append(lines)
        return nil
      } catch {
        file = nil
        return error
      }
    }
    if let problem { lost(problem) }
  }
}
