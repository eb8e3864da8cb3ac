/// A network namespace by the inode of its `/proc/PID/ns/net`; 0 stands for the collector's own.
package struct NamespaceID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  package static let own = NamespaceID(0)

  package let inode: UInt32

  package init(_ inode: UInt32) {
    self.inode = inode
  }

  package init(from decoder: any Decoder) throws {
    inode = try decoder.singleValueContainer().decode(UInt32.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(inode)
  }

  package var description: String { self == .own ? "own" : "net:[\(inode)]" }

  package static func < (left: NamespaceID, right: NamespaceID) -> Bool { left.inode < right.inode }
}

/// One network namespace of the host, and what its kernel counters say.
package struct NamespaceStatus: Sendable, Hashable, Codable, Identifiable {
  package var id: NamespaceID
  /// The service that lives in it, else a process: what a person would call it.
  package var label: String
  /// Processes in it; nil when they may not be counted.
  package var processes: Int?
  /// A process in it, the one with the lowest id; nil for a namespace that no readable process is in.
  package var pid: Int32?
  /// TCP connections in it, both ways; nil when it is not swept.
  package var connections: Int?
  /// The name servers that its processes ask; empty when that is not known.
  package var nameservers: [String]
  /// Since the first reading; nil when they cannot be read.
  package var counters: KernelCounters?
  /// Over the last minute, or since the first reading when that is less.
  package var lastMinute: KernelCounters?
  package var limits: NamespaceLimits?
  /// Why it is not swept; nil when it is.
  package var problem: String?

  package init(
    id: NamespaceID, label: String, processes: Int? = nil, pid: Int32? = nil, connections: Int? = nil,
    nameservers: [String] = [], counters: KernelCounters? = nil, lastMinute: KernelCounters? = nil,
    limits: NamespaceLimits? = nil, problem: String? = nil
  ) {
    self.id = id
    self.label = label
    self.processes = processes
    self.pid = pid
    self.connections = connections
    self.nameservers = nameservers
    self.counters = counters
    self.lastMinute = lastMinute
    self.limits = limits
    self.problem = problem
  }
}

/// The counters of one namespace that tell of failing connections (`/proc/PID/net/snmp` and `netstat`).
///
/// They have no peer: which connections they are about only the socket table and destroy events can say.
package struct KernelCounters: Sendable, Hashable, Codable {
  /// `Tcp.EstabResets`: established connections that were reset.
  package var establishedResets: UInt64 = 0
  /// `Tcp.AttemptFails`: connections that were refused or gave up while opening.
  package var attemptFailures: UInt64 = 0
  /// `TcpExt.TCPSynRetrans`.
  package var synRetransmits: UInt64 = 0
  /// `Tcp.RetransSegs`.
  package var retransmittedSegments: UInt64 = 0
  /// `TcpExt.TCPTimeouts`.
  package var timeouts: UInt64 = 0
  /// `TcpExt.TCPAbortOnTimeout`: connections that the kernel gave up.
  package var abortsOnTimeout: UInt64 = 0
  /// `TcpExt.ListenOverflows`: connections that a full accept queue turned away.
  package var listenOverflows: UInt64 = 0
  /// `TcpExt.TCPMTUPFail` and `TcpExt.TCPMTUPSuccess`: probes for a smaller path MTU.
  package var mtuProbeFailures: UInt64 = 0
  package var mtuProbeSuccesses: UInt64 = 0
  /// `Tcp.ActiveOpens`: connections that were opened from here.
  package var activeOpens: UInt64 = 0

  package init() {}
}

/// What a namespace can hold, how much of it is taken, and the defaults of its sockets; nil where not readable.
package struct NamespaceLimits: Sendable, Hashable, Codable {
  /// Connections that are tracked, and how many can be (`nf_conntrack_count`, `nf_conntrack_max`).
  package var tracked: UInt64?
  package var trackedMaximum: UInt64?
  /// Ports for outgoing connections (`ip_local_port_range`).
  package var localPorts: Int?
  /// The most local ports that connections to one remote address and port take.
  package var localPortsUsed: Int?
  /// `tcp_keepalive_time`: idle time before the first probe of a socket that asks for keepalive and sets no time.
  package var keepaliveTime: Duration?
  package var keepaliveInterval: Duration?
  package var keepaliveProbes: Int?
  /// `tcp_mtu_probing`: 0 never, 1 after a black hole was met, 2 always.
  package var mtuProbing: Int?

  private enum CodingKeys: String, CodingKey {
    case tracked, trackedMaximum, localPorts, localPortsUsed, keepaliveProbes, mtuProbing
    case keepaliveTime = "keepaliveTimeSeconds"
    case keepaliveInterval = "keepaliveIntervalSeconds"
  }

  package init() {}
}
