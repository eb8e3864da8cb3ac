internal import DeptopKernel
internal import DeptopModel

/// Whether a planned socket is still the one that was planned, as the kernel has it now.
enum RepairCheck {
  static let listening = "it has no peer: a listening socket is never touched"

  /// Why it is left alone; nil when nothing speaks against the step.
  ///
  /// The sample is the socket now, which the kernel should have found by its ends and its cookie; the start is that of
  /// its process now, nil when there is no such process.
  static func objection(
    to step: RepairStep, on target: RepairTarget, now sample: SocketSample, start: UInt64?
  ) -> String? {
    let socket = target.socket
    if sample.state == .listen { return listening }
    if sample.cookie != socket.cookie {
      return "its cookie is \(String(sample.cookie, radix: 16)), not \(String(socket.cookie, radix: 16))"
    }
    if sample.local != socket.local || sample.remote != socket.remote {
      return "its ends are \(sample.local) -> \(sample.remote), not \(socket.local) -> \(socket.remote)"
    }
    if sample.inode != socket.inode { return "its inode is \(sample.inode), not \(socket.inode)" }
    guard socket.pid != 0 else {
      guard step == .destroy else { return "it is not known which process holds it" }
      return sample.isDead ? nil : "it is alive again, and it is not known which process holds it"
    }
    guard let start else { return "process \(socket.pid) has ended, or may not be seen" }
    if start != socket.processStart { return "process \(socket.pid) is another one than was planned" }
    if step == .destroy, target.onlyWhileDead, !sample.isDead { return "it is alive again" }
    return nil
  }
}

extension SocketSample {
  /// Data is unacknowledged, and was sent again at least twice in vain: the first time-out leaves a back-off of 1.
  fileprivate var isDead: Bool {
    guard let info else { return false }
    return info.unacknowledged > 0 && info.backoff >= 2
  }
}
