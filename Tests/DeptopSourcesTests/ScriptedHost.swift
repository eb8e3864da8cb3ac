import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Synchronization

/// A helper that answers what a test has told it to.
final class ScriptedHost: HostAccess {
  struct Script: Sendable {
    var missing: [HostAbility: String] = [:]
    /// Every question fails with it.
    var failure: HostAccessError?
    var records: [NamespaceRecord] = []
    /// Handed out as copies.
    var sockets: [NamespaceID: [NamespaceSocket: OpenDescriptor]] = [:]
    var owner: SocketOwner?
    var resolverText = ""
    var settings: [KernelSetting: Int64] = [:]
    var translations: [NamespaceID: [SocketAddress: SocketAddress]] = [:]
    /// What was asked about translations.
    var asked: [(NamespaceID, [SocketEnds])] = []
  }

  let script: Mutex<Script>

  init(_ script: Script) {
    self.script = Mutex(script)
  }

  private func answer<Answer: Sendable>(
    _ body: (inout sending Script) throws(HostAccessError) -> sending Answer
  ) throws(HostAccessError) -> Answer {
    try script.withLock { script throws(HostAccessError) in
      if let failure = script.failure { throw failure }
      return try body(&script)
    }
  }

  func abilities() throws(HostAccessError) -> HostAbilities {
    try answer { HostAbilities(missing: $0.missing) }
  }

  func namespaces() throws(HostAccessError) -> [NamespaceRecord] {
    try answer { $0.records }
  }

  func openSocket(_ kind: NamespaceSocket, in namespace: NamespaceID) throws(HostAccessError) -> Int32 {
    try answer { (script) throws(HostAccessError) in
      guard let socket = script.sockets[namespace]?[kind] else { throw .refused("may not enter \(namespace)") }
      return fcntl(socket.number, F_DUPFD_CLOEXEC, 3)
    }
  }

  func owners(of inodes: [UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner] {
    try answer { script in
      guard let owner = script.owner else { return [:] }
      return Dictionary(uniqueKeysWithValues: inodes.map { ($0, owner) })
    }
  }

  func text(of file: ProcessFile, process: Int32) throws(HostAccessError) -> [UInt8]? {
    try answer { Array($0.resolverText.utf8) }
  }

  func settings(of namespace: NamespaceID) throws(HostAccessError) -> [KernelSetting: Int64] {
    try answer { $0.settings }
  }

  func translations(
    of ends: [SocketEnds], in namespace: NamespaceID
  ) throws(HostAccessError) -> [SocketAddress?] {
    try answer { script in
      script.asked.append((namespace, ends))
      return ends.map { script.translations[namespace]?[$0.remote] }
    }
  }

  func announce(_ plan: RepairPlan) throws(HostAccessError) { throw .refused("not in this test") }

  func repair(_ step: RepairStep, plan: PlanID, cookies: [UInt64]) throws(HostAccessError) -> [RepairOutcome] {
    throw .refused("not in this test")
  }
}
