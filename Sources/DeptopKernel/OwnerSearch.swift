internal import DeptopModel

/// One walk over all processes for the owners of some sockets.
///
/// Goes from the lowest process id up, so that the first holder that is found is the one that counts, and ends as soon
/// as nothing is left to look for.
struct OwnerSearch: Sendable {
  /// Sockets without an owner so far.
  private(set) var missing: Set<UInt32>
  private(set) var owners: [UInt32: SocketOwner] = [:]
  /// How long the walk has taken so far.
  var timeSpent: Duration = .zero
  /// The processes still to be read, the next one last.
  private var processes: [Int32]

  init(for inodes: Set<UInt32>, among processes: [Int32]) {
    missing = inodes
    self.processes = processes.sorted(by: >)
  }

  /// True when every socket has an owner, or every process was read.
  var isOver: Bool { missing.isEmpty || processes.isEmpty }

  /// Reads processes until the search is over or the condition, asked between two processes, is false.
  mutating func advance(in files: ProcessFiles, while mayGoOn: () -> Bool) {
    while !missing.isEmpty, let process = processes.popLast() {
      read(process, in: files)
      guard mayGoOn() else { return }
    }
  }

  /// Reads processes until the search is over; false when the condition, asked within processes too, ended it before.
  mutating func finish(in files: ProcessFiles, while mayGoOn: () -> Bool) -> Bool {
    while !missing.isEmpty, let process = processes.popLast() {
      guard mayGoOn(), read(process, in: files, while: mayGoOn) else { return false }
    }
    return true
  }

  /// False when the condition ended it before all was read.
  @discardableResult
  private mutating func read(
    _ process: Int32, in files: ProcessFiles, while mayGoOn: () -> Bool = { true }
  ) -> Bool {
    var held: [UInt32] = []
    let isWhole = files.forEachSocket(of: process, while: mayGoOn) { inode in
      if missing.contains(inode) { held.append(inode) }
    }
    guard isWhole else { return false }
    // A process without a name has ended in between.
    guard !held.isEmpty, let name = files.name(of: process) else { return true }
    let owner = files.identified(SocketOwner(pid: process, process: name))
    for inode in held {
      missing.remove(inode)
      owners[inode] = owner
    }
    return true
  }
}
