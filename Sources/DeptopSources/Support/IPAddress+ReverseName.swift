package import DeptopModel
internal import Glibc

extension IPAddress {
  /// The name below `in-addr.arpa` or `ip6.arpa` that the names of the address are asked for with.
  package var reverseName: String {
    if isV4 { return description.split(separator: ".").reversed().joined(separator: ".") + ".in-addr.arpa" }
    var bytes = [UInt8](repeating: 0, count: 16)
    // Cannot fail: the text is the system's own.
    _ = unsafe inet_pton(AF_INET6, description, &bytes)
    let digits = bytes.reversed().flatMap { [String($0 & 0x0f, radix: 16), String($0 >> 4, radix: 16)] }
    return digits.joined(separator: ".") + ".ip6.arpa"
  }
}
