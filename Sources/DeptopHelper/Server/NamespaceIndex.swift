internal import DeptopKernel
internal import DeptopModel

/// Which process a namespace was found at last, so that it is found again without reading all processes.
struct NamespaceIndex {
  private let files: ProcessFiles
  private let own: NamespaceID?
  private var processes: [NamespaceID: Int32] = [:]

  init(files: ProcessFiles) {
    self.files = files
    own = files.namespace(of: "self")
  }

  /// Every namespace that a process is in whose entry may be read, by inode.
  mutating func list() -> [NamespaceRecord] {
    var first: [NamespaceID: Int32] = [:]
    var counts: [NamespaceID: Int] = [:]
    for process in files.processes() {
      guard let namespace = files.namespace(of: "\(process)") else { continue }
      counts[namespace, default: 0] += 1
      if first[namespace] == nil { first[namespace] = process }
    }
    processes = first
    return first.sorted { $0.key < $1.key }.compactMap { namespace, process in
      // A process without a name has ended in between: the next list has another one.
      files.owner(process).map { NamespaceRecord(id: namespace, first: $0, processes: counts[namespace] ?? 1) }
    }
  }

  /// Opens a namespace.
  ///
  /// - Throws: `refused` when no readable process is in it.
  mutating func door(to namespace: NamespaceID) throws(HostAccessError) -> NamespaceDoor {
    if namespace == .own || namespace == own { return .own() }
    if let process = processes[namespace], let door = NamespaceDoor(namespace, of: process, in: files) { return door }
    processes[namespace] = nil
    for process in files.processes() where files.namespace(of: "\(process)") == namespace {
      guard let door = NamespaceDoor(namespace, of: process, in: files) else { continue }
      processes[namespace] = process
      return door
    }
    throw .refused("no process that the helper may read is in \(namespace)")
  }
}
