internal import Glibc

/// A pipe that no program inherits, unless an end is given to it.
struct Pipe: ~Copyable {
  let readingEnd: CInt
  private(set) var writingEnd: CInt

  init() throws(BenchmarkFailure) {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw BenchmarkFailure("make a pipe", code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readingEnd, writingEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readingEnd)
    if writingEnd >= 0 { close(writingEnd) }
  }

  /// Ends what the reader reads.
  mutating func closeWritingEnd() {
    close(writingEnd)
    writingEnd = -1
  }
}
