internal import Glibc

/// The clock of the lab's ledgers, which every process of a host shares.
package enum LabClock {
  /// Microseconds of the host's monotonic clock (CLOCK_MONOTONIC): the same in every process and namespace of it.
  package static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
