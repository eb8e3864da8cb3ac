package import DeptopModel

/// What a process with capabilities does for one that has none.
///
/// A handful of typed verbs; whoever carries them out checks each one again by itself. Every call blocks, for at most
/// a few seconds, so it belongs on a thread of its own.
package protocol HostAccess: Sendable {
  /// What can be done, and why the rest cannot.
  func abilities() throws(HostAccessError) -> HostAbilities

  /// Every network namespace that a process is in, the helper's own among them.
  func namespaces() throws(HostAccessError) -> [NamespaceRecord]

  /// A new socket that belongs to a namespace; closes on exec, and is the caller's to close.
  func openSocket(_ kind: NamespaceSocket, in namespace: NamespaceID) throws(HostAccessError) -> Int32

  /// Who holds sockets, by their inodes; what nobody holds is left out.
  func owners(of inodes: [UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner]

  /// A small file as a process sees it, at most 64 KiB; nil when the process has none.
  func text(of file: ProcessFile, process: Int32) throws(HostAccessError) -> [UInt8]?

  /// The kernel settings of a namespace; what it does not have is left out.
  func settings(of namespace: NamespaceID) throws(HostAccessError) -> [KernelSetting: Int64]

  /// Where connections really go, from the reply that conntrack expects, in the order of the question; nil for one
  /// that is not tracked there, or not translated.
  func translations(of ends: [SocketEnds], in namespace: NamespaceID) throws(HostAccessError) -> [SocketAddress?]

  /// Announces what a plan may do: only this is carried out, once each, until the plan's end.
  func announce(_ plan: RepairPlan) throws(HostAccessError)

  /// Carries out one step of an announced plan on some of its sockets.
  ///
  /// Each socket is recognized anew immediately before, by its ends, cookie, inode, process and start time; one that
  /// differs in any of them is left alone.
  ///
  /// - Returns: one outcome for each cookie, in the order of the question.
  func repair(_ step: RepairStep, plan: PlanID, cookies: [UInt64]) throws(HostAccessError) -> [RepairOutcome]
}

/// The kinds of sockets that are handed out.
package enum NamespaceSocket: UInt8, Sendable, Hashable, CaseIterable {
  /// A sock_diag socket, which lists the sockets of the namespace.
  case diagnostics = 1
  /// A sock_diag socket that has joined the groups of closed TCP sockets, IPv4 and IPv6.
  case closings
  case udp4, udp6, tcp4, tcp6
  /// A ping socket (ICMP echo).
  case icmp4, icmp6
}

/// The files of a process that are read.
package enum ProcessFile: UInt8, Sendable, Hashable, CaseIterable {
  /// `/proc/PID/root/etc/resolv.conf`.
  case resolver = 1
  /// `/proc/PID/root/etc/hosts`.
  case hosts
}

/// The kernel settings that are read, each below `/proc/sys/net`.
package enum KernelSetting: UInt8, Sendable, Hashable, CaseIterable {
  /// Seconds.
  case keepaliveTime = 1, keepaliveInterval
  case keepaliveProbes, retries2, synRetries, mtuProbing
  case localPortFirst, localPortLast
  case tracked, trackedMaximum
}

/// A namespace and the process with the lowest id in it.
package struct NamespaceRecord: Sendable, Hashable {
  /// Never ``NamespaceID/own``: the inode as `/proc/PID/ns/net` has it.
  package var id: NamespaceID
  package var first: SocketOwner
  package var processes: Int

  package init(id: NamespaceID, first: SocketOwner, processes: Int) {
    self.id = id
    self.first = first
    self.processes = processes
  }
}

/// The two ends of a TCP connection, seen from here.
package struct SocketEnds: Sendable, Hashable {
  package var local: SocketAddress
  package var remote: SocketAddress

  package init(local: SocketAddress, remote: SocketAddress) {
    self.local = local
    self.remote = remote
  }
}

/// One thing that the helper can or cannot do.
package enum HostAbility: UInt8, Sendable, Hashable, CaseIterable {
  /// See other users' processes and their sockets (CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH).
  case processes = 1
  /// Make sockets in other network namespaces (CAP_SYS_ADMIN).
  case namespaces
  /// Close sockets (CAP_NET_ADMIN, CONFIG_INET_DIAG_DESTROY).
  case destroy
  /// Set options on another process' socket (CAP_SYS_PTRACE, `pidfd_getfd` of Linux 5.6, yama).
  case options
  /// Read conntrack (CAP_NET_ADMIN, nf_conntrack_netlink).
  case translations
}

/// What the helper can do.
package struct HostAbilities: Sendable, Hashable {
  /// Why an ability is missing, as one sentence that says what would enable it; an ability that is there has no entry.
  package var missing: [HostAbility: String]

  package init(missing: [HostAbility: String]) {
    self.missing = missing
  }

  package func reasonAgainst(_ ability: HostAbility) -> String? { missing[ability] }
}

/// What one plan may do to which sockets.
package struct RepairPlan: Sendable, Hashable {
  package var plan: PlanID
  /// How long it may be carried out, at most ten minutes.
  package var life: Duration
  package var sockets: [RepairTarget]

  package init(plan: PlanID, life: Duration, sockets: [RepairTarget]) {
    self.plan = plan
    self.life = life
    self.sockets = sockets
  }
}

/// A socket of a plan, and what may be done to it.
package struct RepairTarget: Sendable, Hashable {
  package var socket: SocketIdentity
  package var treatment: SocketTreatment
  /// True when it may be closed only as long as it is dead: unacknowledged data, sent again at least twice in vain.
  package var onlyWhileDead: Bool

  package init(socket: SocketIdentity, treatment: SocketTreatment, onlyWhileDead: Bool) {
    self.socket = socket
    self.treatment = treatment
    self.onlyWhileDead = onlyWhileDead
  }
}

/// One step on some sockets of a plan.
package enum RepairStep: Sendable, Hashable {
  /// SOCK_DESTROY.
  case destroy
  /// SO_KEEPALIVE with these times in seconds and this number of probes, each at least 1; TCP_USER_TIMEOUT is left alone.
  case keepalive(idle: Int32, interval: Int32, probes: Int32)
  /// TCP_USER_TIMEOUT in milliseconds; 0 takes it away.
  case userTimeout(milliseconds: Int32)
  /// IP_MTU_DISCOVER or IPV6_MTU_DISCOVER to "don't".
  case discoveryOff
}

/// What became of one socket in one step.
package enum RepairOutcome: Sendable, Hashable {
  /// Done; what an option was before: the user timeout in milliseconds, or the keepalive idle time in seconds, 0 for off.
  case done(before: Int32)
  /// It is gone: closed already.
  case gone
  /// Left alone; one sentence says why.
  case refused(String)
}

/// Why the helper did not answer a question.
package enum HostAccessError: Error, Hashable, CustomStringConvertible {
  /// There is no helper, or it has ended.
  case absent(String)
  /// It lacks what the verb needs, or refuses it.
  case refused(String)
  /// It does not answer in time, or not what was asked.
  case broken(String)

  package var description: String {
    switch self {
    case .absent(let reason), .refused(let reason), .broken(let reason): reason
    }
  }
}
