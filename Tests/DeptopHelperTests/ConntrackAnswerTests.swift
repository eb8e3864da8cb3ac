import DeptopKernel
import DeptopModel
import Glibc
import Testing

@testable import DeptopHelper

@Suite("Answers of conntrack") struct ConntrackAnswerTests {
  private func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
    let length = UInt16(4 + value.count)
    let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    return [UInt8(truncatingIfNeeded: length), UInt8(length >> 8), UInt8(truncatingIfNeeded: type), UInt8(type >> 8)]
      + value + padding
  }

  private func message(type: UInt16 = 256, _ body: [UInt8]) -> [UInt8] {
    let length = UInt32(16 + body.count)
    return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      + [UInt8(truncatingIfNeeded: type), UInt8(type >> 8)] + [UInt8](repeating: 0, count: 10) + body
  }

  /// The reply from 10.9.9.9:5432 to 10.0.0.1:40000, nested as the kernel marks it.
  private var reply: [UInt8] {
    let addresses = attribute(0x8001, attribute(1, [10, 9, 9, 9]) + attribute(2, [10, 0, 0, 1]))
    let ports = attribute(
      0x8002, attribute(1, [6]) + attribute(2, [0x15, 0x38]) + attribute(3, [0x9c, 0x40]))
    return message([2, 0, 0, 0] + attribute(1, [0, 0, 0, 0]) + attribute(0x8002, addresses + ports))
  }

  private func answer(_ bytes: [UInt8]) -> ConntrackAnswer {
    unsafe ConntrackAnswer(bytes.span.bytes)
  }

  @Test func `the reply's ends are found`() {
    #expect(
      answer(reply)
        == .reply(
          SocketEnds(
            local: SocketAddress(IPAddress(v4: 0x0a09_0909), port: 5432),
            remote: SocketAddress(IPAddress(v4: 0x0a00_0001), port: 40_000))))
  }

  @Test func `an error is one`() {
    #expect(answer(message(type: 2, [0xfe, 0xff, 0xff, 0xff])) == .refused(ENOENT))
    #expect(answer(message(type: 2, [])) == .malformed)
    #expect(answer([]) == .malformed)
    #expect(answer(message([2, 0, 0, 0])) == .malformed)
    #expect(answer(message([2])) == .malformed)
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func `any bytes crash nothing`(seed: UInt64) {
    var seeded = Seeded(seed)
    var malformed = 0
    for _ in 0..<2_000 where answer(seeded.damaged(reply)) == .malformed { malformed += 1 }
    #expect(malformed > 0)
  }
}
