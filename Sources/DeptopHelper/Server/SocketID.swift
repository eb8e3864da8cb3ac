internal import CLinux
internal import DeptopModel
internal import Glibc

extension inet_diag_sockid {
  /// A connection's ends in the kernel's form; a cookie of all ones stands for any.
  init(local: SocketAddress, remote: SocketAddress, cookie: UInt64 = .max) {
    self.init()
    idiag_sport = local.port.bigEndian
    idiag_dport = remote.port.bigEndian
    idiag_src = local.address.kernelWords
    idiag_dst = remote.address.kernelWords
    idiag_cookie = (UInt32(truncatingIfNeeded: cookie), UInt32(truncatingIfNeeded: cookie >> 32))
  }
}

extension IPAddress {
  /// In network order; an IPv4 address in the first word.
  fileprivate var kernelWords: (UInt32, UInt32, UInt32, UInt32) {
    let (high, low) = halves
    func word(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value).bigEndian }
    return isV4 ? (word(low), 0, 0, 0) : (word(high >> 32), word(high), word(low >> 32), word(low))
  }

  /// The family by which the kernel is asked; also finds an IPv6 socket that talks IPv4.
  var kernelFamily: UInt8 { UInt8(isV4 ? AF_INET : AF_INET6) }
}
