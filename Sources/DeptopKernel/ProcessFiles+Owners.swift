package import DeptopModel

extension ProcessFiles {
  /// A process with its start and its unit; nil when it has ended.
  package func owner(_ process: Int32) -> SocketOwner? {
    name(of: process).map {
      SocketOwner(pid: process, process: $0, startedAt: startTime(of: process), unit: unit(of: process))
    }
  }

  /// Who holds sockets, from one walk over all processes; what no readable process holds is left out.
  package func owners(of inodes: some Sequence<UInt32>) -> [UInt32: SocketOwner] {
    // 0 is the kernel's word for a socket that no process holds.
    var search = OwnerSearch(for: Set(inodes).subtracting([0]), among: processes())
    search.advance(in: self) { true }
    var complete: [Int32: SocketOwner] = [:]
    return search.owners.mapValues { found in
      let owner = complete[found.pid] ?? owner(found.pid) ?? found
      complete[found.pid] = owner
      return owner
    }
  }
}
