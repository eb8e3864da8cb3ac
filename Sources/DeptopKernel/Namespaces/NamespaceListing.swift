package import DeptopModel

/// Every network namespace that is known of, and what is known of each beside its sockets.
package struct NamespaceListing: Sendable, Hashable {
  package var own: NamespaceFacts
  /// Ascending by id.
  package var others: [NamespaceFacts]
  /// What the helper can do; nil when there is none, or it does not say.
  package var abilities: HostAbilities?
  /// Why other namespaces are not swept, as a sentence for the operator; nil when they are.
  package var problem: String?
  /// Differs from one listing to the next.
  package var number: Int
}

/// What is known of a namespace beside its sockets.
package struct NamespaceFacts: Sendable, Hashable {
  package var id: NamespaceID
  /// What a person would call it.
  package var label: String
  /// The process with the lowest id in it.
  package var pid: Int32
  /// A process with outbound connections, whose files tell how names are resolved there; nil while none is known.
  package var speaker: Int32?
  package var processes: Int?
  /// The text of `resolv.conf` as the speaker sees it, else the first process; nil when it cannot be read.
  package var resolverText: String?
  /// Since the first reading; nil when they cannot be read.
  package var counters: KernelCounters?
  package var lastMinute: KernelCounters?
  package var limits: NamespaceLimits?

  package init(id: NamespaceID, label: String, pid: Int32, processes: Int? = nil) {
    self.id = id
    self.label = label
    self.pid = pid
    self.processes = processes
  }
}

extension SocketOwner {
  /// What a person would call where this process lives: its service, else itself.
  var place: String { unit?.name ?? "\(process)/\(pid)" }
}
