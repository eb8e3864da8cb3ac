import DeptopOTLP
import Testing

@Suite struct GunzipTests {
  private let text = Array(String(repeating: "metrics ", count: 20).utf8)
  private let gzip = bytes("1f8b0800000000000203cb4d2d29ca4c2e56c81da43400df92bd5ca0000000")
  private let zlib = bytes("789ccb4d2d29ca4c2e56c81da43400850d3dcd")
  /// 100 000 zero bytes.
  private let zeros = bytes(
    """
    1f8b0800000000000203edc13101000000c2a0f54f6d0d0fa00000000000000000000000000000000000000000000000000000000000\
    000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
    000000000000000000000000008057037d9511d4a0860100
    """)

  @Test func `gzip and zlib streams are expanded`() throws {
    #expect(try Gunzip.expand(gzip, limit: 160) == text)
    #expect(try Gunzip.expand(zlib, limit: 160) == text)
    #expect(try Gunzip.expand(zeros, limit: 100_000) == [UInt8](repeating: 0, count: 100_000))
  }

  @Test func `several streams one after another are one text`() throws {
    #expect(try Gunzip.expand(gzip + gzip, limit: 1000) == text + text)
  }

  @Test(arguments: [0, 1, 159])
  func `what would be larger than the limit is refused`(limit: Int) {
    #expect(throws: GunzipError.tooLarge(limit: limit)) { try Gunzip.expand(gzip, limit: limit) }
  }

  @Test func `a bomb is refused at the limit`() {
    #expect(throws: GunzipError.tooLarge(limit: 99_999)) { try Gunzip.expand(zeros, limit: 99_999) }
    let many = [[UInt8]](repeating: zeros, count: 1000).flatMap(\.self)
    #expect(throws: GunzipError.tooLarge(limit: 1_000_000)) { try Gunzip.expand(many, limit: 1_000_000) }
  }

  @Test func `every stream that is cut short is told as such`() {
    for length in 0..<gzip.count {
      #expect(throws: GunzipError.truncated) { try Gunzip.expand(Array(gzip.prefix(length)), limit: 160) }
    }
  }

  @Test(arguments: [
    Array("plain text".utf8), [0x1F, 0x8B, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0], [UInt8](repeating: 0, count: 100),
  ])
  func `what is not compressed is told as such`(bytes: [UInt8]) {
    #expect(throws: GunzipError.invalid) { try Gunzip.expand(bytes, limit: 1000) }
  }

  @Test func `a wrong checksum is found`() {
    var damaged = gzip
    damaged[damaged.count - 6] ^= 1
    #expect(throws: GunzipError.invalid) { try Gunzip.expand(damaged, limit: 160) }
  }
}

private func bytes(_ hex: String) -> [UInt8] {
  let digits = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
