package import DeptopModel

extension NamespaceLimits {
  /// The limits of the calling thread's namespace.
  ///
  /// - Parameter root: `/proc/sys/net`, or a directory of the same form.
  package init(readingFrom root: String) {
    var settings: [KernelSetting: Int64] = [:]
    for (setting, file) in Self.files { settings[setting] = ProcFile.numbers("\(root)/\(file)").first }
    let range = ProcFile.numbers("\(root)/ipv4/ip_local_port_range")
    if range.count == 2 { (settings[.localPortFirst], settings[.localPortLast]) = (range[0], range[1]) }
    self.init(settings)
  }

  /// The limits that settings amount to; nil where a setting is missing or makes no sense.
  package init(_ settings: [KernelSetting: Int64]) {
    self.init()
    tracked = settings[.tracked].flatMap { UInt64(exactly: $0) }
    trackedMaximum = settings[.trackedMaximum].flatMap { UInt64(exactly: $0) }
    keepaliveTime = settings[.keepaliveTime].flatMap(Self.seconds)
    keepaliveInterval = settings[.keepaliveInterval].flatMap(Self.seconds)
    keepaliveProbes = settings[.keepaliveProbes].flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
    mtuProbing = settings[.mtuProbing].flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
    let ports = 0...Int64(UInt16.max)
    if let first = settings[.localPortFirst], let last = settings[.localPortLast], ports.contains(first),
      ports.contains(last), first <= last
    {
      localPorts = Int(last - first) + 1
    }
  }

  private static func seconds(_ value: Int64) -> Duration? {
    (0...Int64(Int32.max)).contains(value) ? .seconds(value) : nil
  }

  private static var files: [(KernelSetting, String)] {
    [
      (.keepaliveTime, "ipv4/tcp_keepalive_time"), (.keepaliveInterval, "ipv4/tcp_keepalive_intvl"),
      (.keepaliveProbes, "ipv4/tcp_keepalive_probes"), (.mtuProbing, "ipv4/tcp_mtu_probing"),
      (.tracked, "netfilter/nf_conntrack_count"), (.trackedMaximum, "netfilter/nf_conntrack_max"),
    ]
  }
}
