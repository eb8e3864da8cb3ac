internal import CLab
internal import Glibc

/// The children of this process, and theirs, which become its own when their parent ends.
enum Descendants {
  /// Lets orphans among the descendants become children of this process.
  static func adoptOrphans() throws(GroundError) {
    let code = clab_adopt_orphans()
    guard code == 0 else { throw .system("orphans cannot be taken in", code: -code) }
  }

  /// Kills children until there are none.
  static func end(_ watch: inout EndWatch) {
    while true {
      var ended = nextEnd()
      while ended.pid > 0 { ended = nextEnd() }
      guard ended.pid == 0 else { return }
      for pid in ProcessList.children(of: getpid()) { kill(pid, SIGKILL) }
      _ = watch.next(within: 100)
    }
  }

  /// A child that has ended; pid 0 when none has, below 0 when there is none.
  static func nextEnd() -> (pid: Int32, status: Int32) {
    var status: Int32 = 0
    let pid = unsafe clab_wait_any(&status)
    return (pid, status)
  }
}
