internal import DeptopModel

/// What the router does now to the packets that pass it; everything is as it should be at first.
struct RouterState: Sendable, Hashable {
  /// Seconds that an idle connection is kept, 1…; nil means the kernel's own 5 days.
  var idleTimeout: Int?
  var resetsUnknown = false
  /// Bytes of the largest packet that passes towards the upstreams; nil means that all pass.
  ///
  /// Larger ones are split where their sender allows it; the others vanish.
  var largestPacket: Int?
  var dropped: Set<String> = []
  var refused: Set<String> = []

  /// The kernel's `nf_conntrack_tcp_timeout_established` unless somebody sets it, seconds.
  static let longIdleTimeout = 432_000

  /// Changes what a fault changes and throws what is wrong with it; ``RouterFault/forget`` changes nothing.
  mutating func apply(_ fault: RouterFault) throws(GroundError) {
    switch fault {
    case .idleTimeout(let seconds): idleTimeout = try seconds.map { value throws(GroundError) in try Self.whole(value) }
    case .forget: break
    case .resetsUnknown(let resets): resetsUnknown = resets
    case .swallowsLargerThan(let bytes):
      largestPacket = try bytes.map { value throws(GroundError) in try Self.size(value) }
    case .drop(let address, let drops): try Self.put(address, drops, into: &dropped)
    case .refuse(let address, let refuses): try Self.put(address, refuses, into: &refused)
    }
  }

  /// The commands of `nft -f` that put it in place at once, whatever was before.
  var rules: String {
    var lines = ["flush chain ip lab narrow", "flush chain ip lab faults", "flush chain ip lab unknown"]
    lines += dropped.sorted().map { "add rule ip lab faults ip daddr \($0) drop" }
    lines += refused.sorted().map {
      "add rule ip lab faults ip daddr \($0) ct state new meta l4proto tcp reject with tcp reset"
    }
    if let largestPacket {
      // 0x4000 is the bit that forbids to split (RFC 791).
      lines.append(
        "add rule ip lab narrow ip daddr \(AddressPlan.upstreamNetwork) meta length > \(largestPacket) "
          + "ip frag-off & 0x4000 != 0 drop")
    }
    if resetsUnknown { lines.append("add rule ip lab unknown meta l4proto tcp reject with tcp reset") }
    lines.append("add rule ip lab unknown drop")
    return lines.joined(separator: "\n") + "\n"
  }

  /// What `ip route` is told of the way to the upstreams: larger packets are split on it.
  var route: [String] {
    let size = largestPacket.map { ["mtu", "lock", "\($0)"] } ?? []
    return [
      "route", "replace", AddressPlan.upstreamNetwork, "dev", AddressPlan.toUpstreams, "proto", "kernel", "scope",
      "link",
      "src", AddressPlan.upstreamGateway,
    ] + size
  }

  /// The table that the rules are put into: a router that hides the clients behind its own address, and that lets
  /// through, and answers itself, only packets of connections that it has seen the beginning of.
  static let table = """
    table ip lab {
      chain narrow {
        type filter hook prerouting priority filter; policy accept;
      }
      chain faults {
      }
      chain unknown {
      }
      chain forward {
        type filter hook forward priority filter; policy accept;
        jump faults
        ct state invalid jump unknown
      }
      chain input {
        type filter hook input priority filter; policy accept;
        ct state invalid jump unknown
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        oifname "\(AddressPlan.toUpstreams)" masquerade
      }
    }

    """

  private static func whole(_ seconds: Double) throws(GroundError) -> Int {
    guard seconds.isFinite, seconds >= 0, seconds <= Double(longIdleTimeout) else {
      throw .role("an idle timeout is 0 to \(longIdleTimeout) seconds, not \(seconds)")
    }
    return max(1, Int(seconds.rounded(.up)))
  }

  private static func size(_ bytes: Int) throws(GroundError) -> Int {
    guard (68...65535).contains(bytes) else { throw .role("a packet has 68 to 65535 bytes, not \(bytes)") }
    return bytes
  }

  private static func put(_ address: String, _ isIn: Bool, into set: inout Set<String>) throws(GroundError) {
    guard IPAddress(address)?.isV4 == true else {
      throw .role("\(LabText.cleaned(address)) is no IPv4 address")
    }
    if isIn { set.insert(address) } else { set.remove(address) }
  }
}
