internal import CLinux
internal import DeptopKernel
internal import DeptopModel

/// One answer of ctnetlink.
enum ConntrackAnswer: Hashable {
  /// The ends of the reply direction, its sender first.
  case reply(SocketEnds)
  /// An error number.
  case refused(Int32)
  case malformed

  /// Reads a datagram, any bytes at all.
  init(_ datagram: borrowing RawSpan) {
    guard let length = datagram.number(at: 0, as: UInt32.self), let type = datagram.number(at: 4, as: UInt16.self),
      length >= messageHeader, Int(length) <= datagram.byteCount
    else {
      self = .malformed
      return
    }
    if Int32(type) == NLMSG_ERROR {
      // Negating the smallest integer would trap, and no error has that number.
      let status = datagram.number(at: messageHeader, as: Int32.self)
      self = status.map { .refused(0 &- $0) } ?? .malformed
      return
    }
    // `struct nfgenmsg` comes first.
    let start = messageHeader + 4
    guard start <= Int(length) else {
      self = .malformed
      return
    }
    let body = datagram.extracting(start..<Int(length))
    self = Tuple(of: body).flatMap(\.ends).map { .reply($0) } ?? .malformed
  }
}

/// The attributes of the reply direction.
private struct Tuple {
  private var source: IPAddress?
  private var destination: IPAddress?
  private var sourcePort: UInt16?
  private var destinationPort: UInt16?

  init?(of entry: borrowing RawSpan) {
    guard let tuple = entry.attribute(replyTuple) else { return nil }
    let attributes = entry.extracting(tuple)
    if let range = attributes.attribute(addresses) {
      let part = attributes.extracting(range)
      source = part.address(four: 1, six: 3)
      destination = part.address(four: 2, six: 4)
    }
    if let range = attributes.attribute(protocolPart) {
      let part = attributes.extracting(range)
      sourcePort = part.port(2)
      destinationPort = part.port(3)
    }
  }

  var ends: SocketEnds? {
    guard let source, let destination, let sourcePort, let destinationPort else { return nil }
    return SocketEnds(
      local: SocketAddress(source, port: sourcePort), remote: SocketAddress(destination, port: destinationPort))
  }
}

extension RawSpan {
  /// A number in host byte order; nil when the bytes end before it does.
  fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as: Number.Type) -> Number? {
    guard offset >= 0, byteCount - offset >= MemoryLayout<Number>.size else { return nil }
    return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self)
  }

  /// Where the value of the first attribute of a type is; nil when there is none, or a length before it is wrong.
  fileprivate func attribute(_ wanted: UInt16) -> Range<Int>? {
    var offset = 0
    while let length = number(at: offset, as: UInt16.self), let type = number(at: offset + 2, as: UInt16.self) {
      guard length >= attributeHeader, Int(length) <= byteCount - offset else { return nil }
      if type & attributeTypeMask == wanted { return offset + attributeHeader..<offset + Int(length) }
      offset += (Int(length) + 3) & ~3
    }
    return nil
  }

  fileprivate func port(_ type: UInt16) -> UInt16? {
    guard let range = attribute(type), range.count >= 2 else { return nil }
    return number(at: range.lowerBound, as: UInt16.self).map { UInt16(bigEndian: $0) }
  }

  fileprivate func address(four: UInt16, six: UInt16) -> IPAddress? {
    if let range = attribute(four), range.count == 4, let value = number(at: range.lowerBound, as: UInt32.self) {
      return IPAddress(v4: UInt32(bigEndian: value))
    }
    guard let range = attribute(six), range.count == 16, let high = number(at: range.lowerBound, as: UInt64.self),
      let low = number(at: range.lowerBound + 8, as: UInt64.self)
    else { return nil }
    return IPAddress(v6High: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
  }
}

private let messageHeader = 16
private let attributeHeader = 4
private let attributeTypeMask: UInt16 = 0x3fff
/// `CTA_TUPLE_REPLY`, and `CTA_TUPLE_IP` and `CTA_TUPLE_PROTO` in it; the numbers in those are of
/// `enum ctattr_ip` and `enum ctattr_l4proto`.
private let replyTuple: UInt16 = 2
private let addresses: UInt16 = 1
private let protocolPart: UInt16 = 2
