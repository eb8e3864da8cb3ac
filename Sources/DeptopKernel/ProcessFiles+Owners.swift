package import DeptopModel

extension ProcessFiles {
  /// A process with its start and its unit; nil when it has ended.
  package func owner(_ process: Int32) -> SocketOwner? {
    name(of: process).map {
      SocketOwner(pid: process, process: $0, startedAt: startTime(of: process), unit: unit(of: process))
    }
  }

  /// Who holds sockets, from one walk over all processes; what no readable process holds is left out.
  ///
  /// - Parameters:
  ///   - inodes: of the sockets.
  ///   - mayGoOn: asked before each process, and now and then within one that holds very much.
  /// - Returns: nil when the walk was ended before it was over: who was not found yet may be there all the same.
  package func owners(
    of inodes: some Sequence<UInt32>, while mayGoOn: () -> Bool = { true }
  ) -> [UInt32: SocketOwner]? {
    // 0 is the kernel's word for a socket that no process holds.
    var search = OwnerSearch(for: Set(inodes).subtracting([0]), among: processes())
    return search.finish(in: self, while: mayGoOn) ? search.owners : nil
  }
}
