internal import CLinux
internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// The sockets of one request, each recognized anew immediately before its step.
struct RepairRound {
  /// The answer for a socket that was not reached in time.
  static let tooLate = RepairOutcome.refused("no time was left for it: nothing was done")

  /// The answer for one that is still there, but not where the kernel looks.
  private static let notFound = RepairOutcome.refused(
    "its process still holds it, but the kernel does not find it by its ends: bound to a device, or closed just now")

  /// Whether there is time for another socket.
  let mayGoOn: () -> Bool
  private let host: LocalHost
  private var desks: [NamespaceID: SocketDesk] = [:]
  private var descriptors: DescriptorIndex

  init(host: LocalHost, while mayGoOn: @escaping () -> Bool) {
    self.host = host
    self.mayGoOn = mayGoOn
    descriptors = DescriptorIndex(files: host.files, while: mayGoOn)
  }

  mutating func carryOut(_ step: RepairStep, on target: RepairTarget) -> RepairOutcome {
    do {
      let desk = try desk(for: target.socket.namespace)
      switch try desk.find(target.socket) {
      case .gone: return absent(target.socket)
      case .listener: return .refused(RepairCheck.listening)
      case .found(let sample):
        let start = host.files.startTime(of: target.socket.pid)
        if let objection = RepairCheck.objection(to: step, on: target, now: sample, start: start) {
          return .refused(objection)
        }
        return step == .destroy ? try destroy(target.socket, at: desk) : try set(step, on: target.socket)
      }
    } catch {
      return .refused(error.description)
    }
  }

  /// A socket that was not found.
  ///
  /// The kernel looks a socket that is bound to a device up by that device, which a plan does not have; every
  /// link-local IPv6 connection is.
  private mutating func absent(_ socket: SocketIdentity) -> RepairOutcome {
    guard socket.local.address.halves.high >> 54 != 0xfe80 >> 6 else {
      return .refused("a link-local connection cannot be looked up exactly")
    }
    guard socket.pid != 0, host.files.startTime(of: socket.pid) == socket.processStart else { return .gone }
    return switch descriptors.holding(of: socket.inode, in: socket.pid) {
    case .held(let number): isClosed(number, socket) ? .gone : Self.notFound
    case .notHeld, .unreadable: .gone
    case .unfinished: Self.tooLate
    }
  }

  /// Whether a socket that its process holds is one that the kernel has closed; false when that may not be seen.
  private func isClosed(_ number: Int32, _ socket: SocketIdentity) -> Bool {
    let process = clinux_pidfd_open(socket.pid)
    guard process >= 0 else { return false }
    defer { close(process) }
    do throws(HostAccessError) {
      return try SocketCopy(number, of: process, planned: socket).isClosed()
    } catch {
      // Whatever the reason is, nothing was done, which is what the answer says.
      return false
    }
  }

  /// Closes it, when its process still holds it, or may not be looked into.
  private mutating func destroy(_ socket: SocketIdentity, at desk: SocketDesk) throws(HostAccessError) -> RepairOutcome
  {
    if socket.pid != 0 {
      switch descriptors.holding(of: socket.inode, in: socket.pid) {
      case .held, .unreadable: break
      case .notHeld: return .refused(Self.letGo(socket.pid))
      case .unfinished: return Self.tooLate
      }
    }
    return try desk.destroy(socket) ? .done(before: 0) : .gone
  }

  private static func letGo(_ process: Int32) -> String { "process \(process) does not hold it any more" }

  private mutating func desk(for namespace: NamespaceID) throws(HostAccessError) -> SocketDesk {
    if let desk = desks[namespace] { return desk }
    let desk = try SocketDesk(in: try host.door(to: namespace))
    desks[namespace] = desk
    return desk
  }

  private mutating func set(_ step: RepairStep, on socket: SocketIdentity) throws(HostAccessError) -> RepairOutcome {
    let process = clinux_pidfd_open(socket.pid)
    guard process >= 0 else {
      throw .refused("process \(socket.pid) cannot be opened: \(SystemError(number: -process))")
    }
    defer { close(process) }
    // The descriptor is bound to one process; only now is it sure which one.
    guard host.files.startTime(of: socket.pid) == socket.processStart else {
      throw .refused("process \(socket.pid) is another one than was planned")
    }
    switch descriptors.holding(of: socket.inode, in: socket.pid) {
    case .held(let number):
      let copy = try SocketCopy(number, of: process, planned: socket)
      return .done(before: try copy.set(step, isV4: socket.remote.address.isV4))
    case .notHeld: return .refused(Self.letGo(socket.pid))
    case .unreadable: return .refused("the descriptors of process \(socket.pid) may not be read")
    case .unfinished: return Self.tooLate
    }
  }
}
