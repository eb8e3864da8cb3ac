/// What kind of network the largest packet of a path suggests.
package enum PathOverlay {
  /// nil for a size that is no tunnel's usual one.
  ///
  /// Each size is Ethernet's 1500 bytes less what the tunnel adds to a packet: VXLAN and Geneve 50, IP-in-IP 20,
  /// GRE 24, WireGuard 60 over IPv4 and 80 over IPv6. Google's networks take 1460, and 1400 is what VPNs are often set to.
  package static func name(forPacket size: Int) -> String? {
    switch size {
    case 1500: "Ethernet"
    case 1480: "IP-in-IP"
    case 1476: "GRE"
    case 1460: "Google Cloud's default"
    case 1450: "VXLAN or Geneve"
    case 1440, 1420: "WireGuard"
    case 1400: "VPN or custom"
    default: nil
    }
  }
}
