internal import CLinux
internal import DeptopModel
internal import Glibc

extension SocketSample {
  /// What the kernel says about one socket.
  init(_ message: inet_diag_msg, state: SocketState, info: TCPInfo?, namespace: NamespaceID) {
    self.init(
      local: message.local, remote: message.remote, state: state,
      timer: SocketTimer(rawValue: message.idiag_timer) ?? .none, timerRetransmits: message.idiag_retrans,
      timerExpires: message.idiag_expires, namespace: namespace, cookie: message.cookie, inode: message.idiag_inode,
      uid: message.idiag_uid, receiveQueue: message.idiag_rqueue, sendQueue: message.idiag_wqueue, info: info)
  }
}

extension inet_diag_msg {
  var local: SocketAddress {
    SocketAddress(address(at: id.idiag_src), port: UInt16(bigEndian: id.idiag_sport))
  }

  var remote: SocketAddress {
    SocketAddress(address(at: id.idiag_dst), port: UInt16(bigEndian: id.idiag_dport))
  }

  var cookie: UInt64 { UInt64(id.idiag_cookie.1) << 32 | UInt64(id.idiag_cookie.0) }

  /// An address field of the message, in the family of the socket.
  private func address(at field: (UInt32, UInt32, UInt32, UInt32)) -> IPAddress {
    guard Int32(idiag_family) == AF_INET6 else { return IPAddress(v4: UInt32(bigEndian: field.0)) }
    return IPAddress(
      v6High: UInt64(UInt32(bigEndian: field.0)) << 32 | UInt64(UInt32(bigEndian: field.1)),
      low: UInt64(UInt32(bigEndian: field.2)) << 32 | UInt64(UInt32(bigEndian: field.3)))
  }
}

/// The attributes of one socket that deptop reads; any may be absent.
struct SocketAttributes {
  private(set) var info: TCPInfo?
  private(set) var isV6Only: Bool?
  /// True when a length did not fit, so that what follows it could not be read.
  private(set) var isDamaged = false

  init(_ bytes: borrowing RawSpan) {
    var offset = 0
    while let header = bytes.value(at: offset, as: nlattr.self) {
      guard header.nla_len >= attributeHeaderLength, Int(header.nla_len) <= bytes.byteCount - offset else {
        isDamaged = true
        return
      }
      let value = bytes.extracting(offset + attributeHeaderLength..<offset + Int(header.nla_len))
      switch Int(header.nla_type & attributeTypeMask) {
      case INET_DIAG_INFO: info = TCPInfo(kernelBytes: value)
      case INET_DIAG_SKV6ONLY: isV6Only = value.value(at: 0, as: UInt8.self).map { $0 != 0 }
      default: break
      }
      offset = netlinkAligned(offset + Int(header.nla_len))
    }
  }
}

private let attributeHeaderLength = MemoryLayout<nlattr>.size
/// The two bits above the type are flags.
private let attributeTypeMask: UInt16 = 0x3fff

/// The next multiple of four, where netlink starts messages and attributes.
func netlinkAligned(_ offset: Int) -> Int { (offset + 3) & ~3 }
