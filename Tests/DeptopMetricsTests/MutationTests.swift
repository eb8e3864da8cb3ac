import DeptopMetrics
import DeptopModel
import Testing

@Suite struct MutationTests {
  private static let texts = [
    PackageResources.otel_db_txt, PackageResources.envoy_txt, PackageResources.resilience4j_txt,
    PackageResources.hikaricp_micrometer_txt,
  ]

  @Test(arguments: texts.indices)
  func `a damaged text never crashes and costs no more than its lines`(index: Int) throws {
    let engine = MappingEngine(try BuiltInMappings.load())
    var generator = SeededGenerator(seed: UInt64(index) + 1)
    var state = StreamState(maximumStreams: 50)
    let text = MutationTests.texts[index]
    for _ in 0..<300 {
      let damaged = mutated(text, &generator)
      let reading = PrometheusText.parse(damaged)
      let lines = damaged.count { $0 == UInt8(ascii: "\n") } + 1
      #expect(reading.points.count + reading.wrongLines + reading.linesOverLimit <= lines)
      #expect(reading.firstWrongLines.count <= 5)
      let result = engine.map(
        reading.points, defaultClient: ClientIdentity(name: "x"), state: &state, now: WallTime(secondsSinceEpoch: 0))
      #expect(state.count <= 50)
      #expect(result.namesNotUnderstood.count <= MappingResult.namesKept)
    }
  }

  @Test func `a damaged answer of the query interface never crashes`() {
    let answer = #"""
      {"status":"success","data":{"resultType":"vector","result":
      [{"metric":{"__name__":"h_bucket","le":"1"},"value":[1.5,"2"]}]}}
      """#
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<1000 {
      do throws(PrometheusQueryError) {
        #expect(try PrometheusQuery.parse(mutated(Array(answer.utf8), &generator)).points.count <= 1)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  private func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...8, using: &generator) {
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
