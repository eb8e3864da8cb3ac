internal import CLinux
internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// The sockets of one request, each recognized anew immediately before its step.
struct RepairRound {
  private let host: LocalHost
  private var desks: [NamespaceID: SocketDesk] = [:]
  private var descriptors: DescriptorIndex

  init(host: LocalHost) {
    self.host = host
    descriptors = DescriptorIndex(files: host.files)
  }

  mutating func carryOut(_ step: RepairStep, on target: RepairTarget) -> RepairOutcome {
    do {
      let desk = try desk(for: target.socket.namespace)
      switch try desk.find(target.socket) {
      case .gone: return try absent(target.socket)
      case .listener: return .refused("it has no peer: a listening socket is never touched")
      case .found(let sample):
        let start = host.files.startTime(of: target.socket.pid)
        if let objection = RepairCheck.objection(to: step, on: target, now: sample, start: start) {
          return .refused(objection)
        }
        guard step == .destroy else { return .done(before: try set(step, on: target.socket)) }
        return try desk.destroy(target.socket) ? .done(before: 0) : .gone
      }
    } catch {
      return .refused(error.description)
    }
  }

  /// A socket that was not found.
  ///
  /// The kernel looks a socket that is bound to a device up by that device, which a plan does not have; every
  /// link-local IPv6 connection is.
  private func absent(_ socket: SocketIdentity) throws(HostAccessError) -> RepairOutcome {
    guard socket.local.address.halves.high >> 54 == 0xfe80 >> 6 else { return .gone }
    throw .refused("a link-local connection cannot be looked up exactly")
  }

  private mutating func desk(for namespace: NamespaceID) throws(HostAccessError) -> SocketDesk {
    if let desk = desks[namespace] { return desk }
    let desk = try SocketDesk(in: try host.door(to: namespace))
    desks[namespace] = desk
    return desk
  }

  private mutating func set(_ step: RepairStep, on socket: SocketIdentity) throws(HostAccessError) -> Int32 {
    let process = clinux_pidfd_open(socket.pid)
    guard process >= 0 else {
      throw .refused("process \(socket.pid) cannot be opened: \(SystemError(number: -process))")
    }
    defer { close(process) }
    // The descriptor is bound to one process; only now is it sure which one.
    guard host.files.startTime(of: socket.pid) == socket.processStart else {
      throw .refused("process \(socket.pid) is another one than was planned")
    }
    guard let number = descriptors.number(of: socket.inode, in: socket.pid) else {
      throw .refused("process \(socket.pid) does not hold it, or its descriptors may not be read")
    }
    let copy = try SocketCopy(number, of: process, planned: socket)
    return try copy.set(step, isV4: socket.remote.address.isV4)
  }
}
