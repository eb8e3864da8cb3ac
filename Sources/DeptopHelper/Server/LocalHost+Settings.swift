internal import CLinux
package import DeptopKernel
package import DeptopModel
internal import Glibc

extension LocalHost {
  package func settings(of namespace: NamespaceID) throws(HostAccessError) -> [KernelSetting: Int64] {
    let door = try door(to: namespace)
    var settings: [KernelSetting: Int64] = [:]
    var buffer = [UInt8](repeating: 0, count: 128)
    for setting in KernelSetting.allCases {
      let path = "/proc/sys/net/\(setting.path)"
      let length = unsafe clinux_namespace_read(door.descriptor, path, &buffer, buffer.count)
      if length == -Int64(EPERM) {
        throw .refused("\(namespace) may not be entered: \(Capability.sysAdmin.advice)")
      }
      // A kernel or a namespace without this setting: it is left out, as promised.
      guard length > 0 else { continue }
      let words = String(decoding: buffer.prefix(Int(length)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
      settings[setting] = words.dropFirst(setting.word).first.flatMap { Int64($0) }
    }
    return settings
  }
}

extension KernelSetting {
  /// Below `/proc/sys/net`.
  fileprivate var path: String {
    switch self {
    case .keepaliveTime: "ipv4/tcp_keepalive_time"
    case .keepaliveInterval: "ipv4/tcp_keepalive_intvl"
    case .keepaliveProbes: "ipv4/tcp_keepalive_probes"
    case .retries2: "ipv4/tcp_retries2"
    case .synRetries: "ipv4/tcp_syn_retries"
    case .mtuProbing: "ipv4/tcp_mtu_probing"
    case .localPortFirst, .localPortLast: "ipv4/ip_local_port_range"
    case .tracked: "netfilter/nf_conntrack_count"
    case .trackedMaximum: "netfilter/nf_conntrack_max"
    }
  }

  /// Which word of the file it is.
  fileprivate var word: Int { self == .localPortLast ? 1 : 0 }
}
