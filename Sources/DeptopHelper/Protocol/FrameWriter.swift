internal import DeptopModel

/// Writes the fields of a message, numbers with their lowest byte first.
struct FrameWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  mutating func put(_ flag: Bool) { put(UInt8(flag ? 1 : 0)) }

  /// At most 65,535 bytes; what is longer is cut at the last whole character that fits.
  mutating func put(_ text: String) {
    var utf8 = text.utf8.prefix(Int(UInt16.max))
    while String(Substring(utf8)).utf8.count != utf8.count { utf8 = utf8.dropLast() }
    put(UInt16(utf8.count))
    bytes += utf8
  }

  /// Bytes that fill the rest of the message.
  mutating func put(rest: [UInt8]) { bytes += rest }

  mutating func put(_ address: SocketAddress) {
    put(address.address.halves.high)
    put(address.address.halves.low)
    put(address.port)
  }

  /// The number of elements, then each of them.
  mutating func put<Elements: Collection>(_ elements: Elements, _ putOne: (inout FrameWriter, Elements.Element) -> Void)
  {
    put(UInt32(clamping: elements.count))
    for element in elements { putOne(&self, element) }
  }
}
