internal import DeptopBlocking
internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// What the collector finds of its surroundings, for `deptop doctor`.
struct HostChecks: Sendable {
  /// What a process with capabilities does for this one; nil when there is none.
  let access: (any HostAccess)?
  /// Why there is none.
  let absence: String
  let version: String
  private let thread = BlockingThread()

  init(access: (any HostAccess)?, absence: String, version: String) {
    self.access = access
    self.absence = absence
    self.version = version
  }

  /// Looks at everything; what only the dashboard's side can see is not among it.
  func run(sweptConnections connections: [ObservedConnection]) async -> [HostCheck] {
    await thread.run { [self] in
      let abilities = abilities()
      return [collector(), helper(abilities)] + HostAbility.allCases.map { check($0, abilities) }
        + [kernel(connections), translation(abilities), controlGroups()]
    }
  }

  private func abilities() -> Result<HostAbilities, HostAccessError> {
    guard let access else { return .failure(.absent(absence)) }
    do throws(HostAccessError) {
      return .success(try access.abilities())
    } catch {
      return .failure(error)
    }
  }

  private func collector() -> HostCheck {
    let text = "deptopd \(version) runs as uid \(geteuid())"
    guard geteuid() == 0 else { return HostCheck("collector", .ok, text) }
    return HostCheck(
      "collector", .limited, text + ", which it does not need",
      remedy: "run deptopd as a user of its own; deptop-helper alone needs capabilities")
  }

  private func helper(_ abilities: Result<HostAbilities, HostAccessError>) -> HostCheck {
    switch abilities {
    case .success(let abilities) where abilities.missing.isEmpty:
      HostCheck("helper", .ok, "deptop-helper runs, and can do all of its verbs")
    case .success(let abilities):
      HostCheck(
        "helper", .limited,
        "deptop-helper runs, and lacks \(abilities.missing.count) of \(HostAbility.allCases.count) abilities")
    case .failure(let error):
      HostCheck(
        "helper", .missing, "deptop-helper is not running: \(error)",
        remedy: "install deptop-helper beside deptopd, owned by root and executable by deptopd's own group alone, and "
          + "give it cap_net_admin,cap_sys_admin,cap_sys_ptrace,cap_dac_read_search+ep")
    }
  }

  private func check(
    _ ability: HostAbility, _ abilities: Result<HostAbilities, HostAccessError>
  ) -> HostCheck {
    switch abilities {
    case .success(let abilities):
      guard let reason = abilities.reasonAgainst(ability) else { return HostCheck(ability.name, .ok, ability.deed) }
      return HostCheck(ability.name, .missing, "cannot \(ability.deed)", remedy: reason)
    case .failure:
      return HostCheck(
        ability.name, ability == .processes ? .limited : .missing,
        ability == .processes
          ? "sees the owners of this user's own sockets only" : "cannot \(ability.deed): there is no helper")
    }
  }

  private func kernel(_ connections: [ObservedConnection]) -> HostCheck {
    var system = utsname()
    unsafe uname(&system)
    let release = unsafe withUnsafeBytes(of: system.release) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let figures = connections.compactMap(\.sample.info)
    if figures.isEmpty || figures.contains(where: { $0.accounting != nil }) {
      return HostCheck("kernel", .ok, "Linux \(release)")
    }
    return HostCheck(
      "kernel", .limited, "Linux \(release) does not count busy time and sizes of retransmissions for each connection",
      remedy: "Linux 5.4 or later tells idle evictions and path-MTU black holes apart")
  }

  /// How service addresses are translated here, as far as this host shows it.
  private func translation(_ abilities: Result<HostAbilities, HostAccessError>) -> HostCheck {
    let name = "service addresses"
    if exists("/sys/fs/bpf/cilium") || exists("/sys/fs/bpf/tc/globals/cilium_lb4_services_v2") {
      return HostCheck(
        name, .limited,
        "Cilium balances in the socket layer: the socket table shows the real peers, and the service is not told")
    }
    if exists("/proc/net/ip_vs") {
      return HostCheck(
        name, .limited,
        "IPVS is in the kernel: connections through its virtual servers show the virtual address, and which real "
          + "server they reach is not told")
    }
    if case .success(let abilities) = abilities, abilities.reasonAgainst(.translations) == nil {
      return HostCheck(name, .ok, "DNAT (kube-proxy's, a redirection) is resolved by conntrack's reply")
    }
    return HostCheck(
      name, .missing,
      "connections behind DNAT show the virtual address: their mapping is unknown, and no drift is claimed for them")
  }

  private func controlGroups() -> HostCheck {
    if exists("/sys/fs/cgroup/cgroup.controllers") {
      return HostCheck("control groups", .ok, "version 2: processes are named by systemd unit, container or pod")
    }
    return HostCheck(
      "control groups", .limited, "version 1 or none: processes are named by unit where systemd's hierarchy is there")
  }

  private func exists(_ path: String) -> Bool { unsafe Glibc.access(path, F_OK) == 0 }
}

extension HostAbility {
  fileprivate var name: String {
    switch self {
    case .processes: "other users' processes"
    case .namespaces: "network namespaces"
    case .destroy: "close connections"
    case .options: "set options of live sockets"
    case .translations: "conntrack"
    }
  }

  /// What it is for, as the end of a sentence.
  fileprivate var deed: String {
    switch self {
    case .processes: "find the owner of every socket"
    case .namespaces: "sweep and resolve in every network namespace of the host"
    case .destroy: "close single connections by SOCK_DESTROY"
    case .options: "prove and keep alive: set keepalive on other processes' sockets"
    case .translations: "read where translated connections really go"
    }
  }
}
