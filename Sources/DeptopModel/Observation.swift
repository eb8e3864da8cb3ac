/// What a source read: the only thing that flows from sources to the store.
///
/// The runner, not the source, adds which source it was and when.
package enum Observation: Sendable, Hashable {
  /// Every outbound TCP connection of the host, in one sweep.
  case connections([ObservedConnection])
  /// One answer, or failure, of one resolver for one name.
  case resolution(ResolverAnswer)
  /// A proxy's or an application's pool for one configured dependency.
  case pool(DependencyID, PoolReading)
  /// The connections that a pool's owner says it holds, to be joined with the kernel's by their addresses.
  case poolConnections(DependencyID, [PoolConnection])
  /// Requests through a pool since the previous reading.
  case requests(DependencyID, RequestReading)
  /// What a pool's owner itself believes a host name to be.
  case ownerResolution(DependencyID, OwnerResolution)
  /// One probe of one address of a dependency.
  case connect(DependencyID, ConnectAttempt)
  /// What one client says about one dependency, configured or not.
  case client(ClientObservation)
  /// Connections that ended since the poll before; `isComplete` is false when the kernel had more than could be read.
  case closings([ClosedConnection], isComplete: Bool)
  /// Every network namespace that processes of the host are in.
  case namespaces([NamespaceStatus])
  /// One answer of one resolver, as a namespace other than the collector's own sees it.
  case namespaceResolution(NamespaceID, ResolverAnswer)
  /// What probes found out about the path to a dependency.
  case path(DependencyID, PathCheck)
  /// Names of addresses that nobody configured, from the hosts file and from confirmed reverse look-ups.
  case addressNames([IPAddress: String])
  /// What of its readings the source did not understand, as sentences for the operator; replaces what it said before.
  case remarks([String])
}

/// An outbound connection, with what a single sweep cannot know.
package struct ObservedConnection: Sendable, Hashable {
  package var sample: SocketSample
  /// nil when no process owns it or its owner may not be read.
  package var owner: SocketOwner?
  package var firstSeenAt: WallTime
  /// True when the connection was already there in the first sweep: it is older than it looks.
  package var isOlderThanSeen: Bool
  /// When the sample was taken; nil when that was in the sweep that reports it.
  package var sampledAt: WallTime?
  package var signals: SocketSignals
  /// Where the connection really goes, when the address is translated on this host (conntrack's reply); nil when it is
  /// not translated, or nobody may say.
  package var translated: SocketAddress?

  package init(
    sample: SocketSample, owner: SocketOwner?, firstSeenAt: WallTime, isOlderThanSeen: Bool, sampledAt: WallTime? = nil,
    signals: SocketSignals = SocketSignals(.unknown), translated: SocketAddress? = nil
  ) {
    self.sampledAt = sampledAt
    self.signals = signals
    self.translated = translated
    self.sample = sample
    self.owner = owner
    self.firstSeenAt = firstSeenAt
    self.isOlderThanSeen = isOlderThanSeen
  }
}

/// One probe's outcome.
package struct ConnectAttempt: Sendable, Hashable {
  package var address: SocketAddress
  /// Time from `connect` to the established connection; nil when it failed.
  package var duration: Duration?
  /// Why it failed, in the system's words (`connection refused`).
  package var failure: String?

  package init(address: SocketAddress, duration: Duration?, failure: String?) {
    self.address = address
    self.duration = duration
    self.failure = failure
  }
}
