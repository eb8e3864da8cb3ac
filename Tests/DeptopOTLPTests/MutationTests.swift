import DeptopMetrics
import DeptopOTLP
import Testing

@Suite struct MutationTests {
  /// A generator whose numbers are the same in every run (xorshift64).
  private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private let limits = OTLPLimits(points: 10)

  @Test(arguments: Vectors.all.indices)
  func `a damaged protobuf request never crashes and stays within the limits`(index: Int) {
    var generator = SeededGenerator(state: 0x9E37_79B9 + UInt64(index))
    for _ in 0..<3000 {
      check(mutated(Vectors.all[index], &generator), .protobuf)
    }
  }

  @Test func `a damaged JSON request never crashes and stays within the limits`() {
    let json = #"""
      {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"e","unit":"s","exponentialHistogram":
      {"aggregationTemporality":2,"dataPoints":[{"count":"4","sum":7.5,"scale":1,"zeroCount":"1","positive":
      {"offset":-2,"bucketCounts":["1","0","2"]},"timeUnixNano":"2"}]}}]}]}]}
      """#
    var generator = SeededGenerator(state: 42)
    for _ in 0..<3000 { check(mutated(Array(json.utf8), &generator), .json) }
  }

  @Test func `damaged compressed bytes never expand beyond the limit`() {
    let gzip: [UInt8] = [
      0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xCB, 0x4D, 0x2D, 0x29, 0xCA, 0x4C, 0x2E, 0x56, 0xC8, 0x1D, 0xA4, 0x34, 0,
      0xDF, 0x92, 0xBD, 0x5C, 0xA0, 0, 0, 0,
    ]
    var generator = SeededGenerator(state: 7)
    for _ in 0..<3000 {
      do throws(GunzipError) {
        #expect(try Gunzip.expand(mutated(gzip, &generator), limit: 200).count <= 200)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  private func check(_ bytes: [UInt8], _ encoding: OTLPEncoding) {
    do throws(OTLPError) {
      let reading = try OTLPMetrics.decode(bytes, as: encoding, limits: limits)
      #expect(reading.points.count <= limits.points)
    } catch {
      #expect(!error.description.isEmpty)
    }
  }

  private func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: bytes.indices, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
      case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
      case 2 where bytes.count > 1: bytes.remove(at: place)
      default: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
    }
    return bytes
  }
}
