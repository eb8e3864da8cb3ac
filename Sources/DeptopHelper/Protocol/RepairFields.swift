internal import DeptopKernel
internal import DeptopModel

extension FrameWriter {
  mutating func put(_ part: PlanPart) {
    put(part.plan.rawValue)
    put(part.life)
    put(part.total)
    put(part.offset)
    put(part.sockets) { writer, target in writer.put(target) }
  }

  private mutating func put(_ target: RepairTarget) {
    put(target.socket.namespace.inode)
    put(target.socket.cookie)
    put(target.socket.local)
    put(target.socket.remote)
    put(target.socket.inode)
    put(target.socket.pid)
    put(target.socket.processStart)
    put(TreatmentCode(target.treatment).rawValue)
    put(target.onlyWhileDead)
  }

  mutating func put(_ step: RepairStep) {
    switch step {
    case .destroy: put(StepCode.destroy.rawValue)
    case .keepalive(let idle, let interval, let probes):
      put(StepCode.keepalive.rawValue)
      for number in [idle, interval, probes] { put(number) }
    case .userTimeout(let milliseconds):
      put(StepCode.userTimeout.rawValue)
      put(milliseconds)
    case .discoveryOff: put(StepCode.discoveryOff.rawValue)
    }
  }
}

extension FrameReader {
  /// The fewest bytes that a target takes.
  private static let targetWidth = 66

  mutating func planPart() throws(FrameError) -> PlanPart {
    let plan = PlanID(rawValue: try text("the plan"))
    let life = try number("the plan's life", UInt32.self)
    let total = try number("the plan's sockets", UInt32.self)
    let offset = try number("the part's offset", UInt32.self)
    let sockets = try list("sockets", width: Self.targetWidth) { reader throws(FrameError) in try reader.target() }
    return PlanPart(plan: plan, life: life, total: total, offset: offset, sockets: sockets)
  }

  private mutating func target() throws(FrameError) -> RepairTarget {
    let socket = SocketIdentity(
      namespace: NamespaceID(try number("a socket's namespace")), cookie: try number("a socket's cookie"),
      local: try address("a socket's local end"), remote: try address("a socket's remote end"),
      inode: try number("a socket's inode"), pid: try number("a socket's process"),
      processStart: try number("a socket's process start"))
    let treatment = try choice("a socket's treatment", TreatmentCode.self).treatment
    return RepairTarget(socket: socket, treatment: treatment, onlyWhileDead: try flag("only while dead"))
  }

  mutating func repairStep() throws(FrameError) -> RepairStep {
    switch try choice("the step", StepCode.self) {
    case .destroy: .destroy
    case .keepalive:
      .keepalive(
        idle: try number("the idle time"), interval: try number("the interval"), probes: try number("the probes"))
    case .userTimeout: .userTimeout(milliseconds: try number("the user timeout"))
    case .discoveryOff: .discoveryOff
    }
  }
}

private enum StepCode: UInt8 {
  case destroy = 1
  case keepalive, userTimeout, discoveryOff
}

private enum TreatmentCode: UInt8 {
  case keepalive = 1
  case userTimeout, destroy, discoveryOff

  init(_ treatment: SocketTreatment) {
    self =
      switch treatment {
      case .keepalive: .keepalive
      case .userTimeout: .userTimeout
      case .destroy: .destroy
      case .discoveryOff: .discoveryOff
      }
  }

  var treatment: SocketTreatment {
    switch self {
    case .keepalive: .keepalive
    case .userTimeout: .userTimeout
    case .destroy: .destroy
    case .discoveryOff: .discoveryOff
    }
  }
}
