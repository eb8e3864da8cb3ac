internal import DeptopKernel
internal import DeptopModel

extension FrameWriter {
  mutating func put(_ record: NamespaceRecord) {
    put(record.id.inode)
    put(UInt32(clamping: record.processes))
    put(record.first)
  }

  /// Each owner once, then for each inode which of them it is.
  mutating func put(_ owners: [UInt32: SocketOwner]) {
    let distinct = Set(owners.values).sorted { $0.pid < $1.pid }
    let positions = Dictionary(zip(distinct, distinct.indices)) { first, _ in first }
    put(distinct) { writer, owner in writer.put(owner) }
    put(owners.sorted { $0.key < $1.key }) { writer, entry in
      writer.put(entry.key)
      writer.put(UInt32(clamping: positions[entry.value] ?? Int.max))
    }
  }

  private mutating func put(_ owner: SocketOwner) {
    put(owner.pid)
    put(owner.process)
    put(owner.startedAt != nil)
    if let start = owner.startedAt { put(start) }
    put(owner.unit.map { UnitCode($0.kind).rawValue } ?? 0)
    if let unit = owner.unit { put(unit.name) }
  }

  mutating func put(_ outcome: RepairOutcome) {
    switch outcome {
    case .done(let before):
      put(OutcomeCode.done.rawValue)
      put(before)
    case .gone: put(OutcomeCode.gone.rawValue)
    case .refused(let reason):
      put(OutcomeCode.refused.rawValue)
      put(reason)
    }
  }
}

extension FrameReader {
  mutating func namespaceRecord() throws(FrameError) -> NamespaceRecord {
    let id = NamespaceID(try number("a namespace"))
    let processes = Int(try number("a namespace's processes", UInt32.self))
    return NamespaceRecord(id: id, first: try owner(), processes: processes)
  }

  mutating func owners() throws(FrameError) -> [UInt32: SocketOwner] {
    let distinct = try list("owners", width: 8) { reader throws(FrameError) in try reader.owner() }
    let entries = try list("owned sockets", width: 8) { reader throws(FrameError) in
      let inode = try reader.number("an inode", UInt32.self)
      let position = try reader.number("an owner's position", UInt32.self)
      guard Int(position) < distinct.count else { throw FrameError("an owner's position: there is no \(position)") }
      return (inode, distinct[Int(position)])
    }
    return Dictionary(entries) { first, _ in first }
  }

  private mutating func owner() throws(FrameError) -> SocketOwner {
    let pid = try number("an owner's process", Int32.self)
    let name = try text("an owner's name")
    let start = try flag("whether a start is known") ? try number("an owner's start", UInt64.self) : nil
    return SocketOwner(pid: pid, process: name, startedAt: start, unit: try unit())
  }

  private mutating func unit() throws(FrameError) -> ServiceUnit? {
    let value = try number("the kind of a unit", UInt8.self)
    guard value != 0 else { return nil }
    guard let code = UnitCode(rawValue: value) else { throw FrameError("the kind of a unit: there is no \(value)") }
    return ServiceUnit(code.kind, try text("a unit's name"))
  }

  mutating func outcome() throws(FrameError) -> RepairOutcome {
    switch try choice("an outcome", OutcomeCode.self) {
    case .done: .done(before: try number("what was before"))
    case .gone: .gone
    case .refused: .refused(try text("the reason"))
    }
  }
}

private enum OutcomeCode: UInt8 {
  case done = 1
  case gone, refused
}

/// 0 stands for no unit.
private enum UnitCode: UInt8 {
  case systemd = 1
  case container, pod

  init(_ kind: ServiceUnit.Kind) {
    self =
      switch kind {
      case .systemd: .systemd
      case .container: .container
      case .pod: .pod
      }
  }

  var kind: ServiceUnit.Kind {
    switch self {
    case .systemd: .systemd
    case .container: .container
    case .pod: .pod
    }
  }
}
