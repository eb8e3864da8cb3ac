import DeptopModel
import Testing

@testable import DeptopDiagnosis

struct GroundsTests {
  private let evidence = Evidence(reading: "wait", value: "1 s", source: "app")

  @Test(arguments: [(0, 0, 0.5), (1, 0, 0.6), (9, 0, 0.95), (0, 1, 0.2), (2, 1, 0.4), (0, 2, 0)])
  func `confidence grows with support and falls with refutation`(support: Int, refutation: Int, confidence: Double) {
    var grounds = Grounds([evidence])
    for _ in 0..<support { grounds.support(evidence) }
    for _ in 0..<refutation { grounds.refute(evidence, lookingFor: "idle connections") }
    #expect(grounds.confidence == confidence)
    #expect(grounds.evidence.count == 1 + support + refutation)
    #expect(grounds.notFound.isEmpty)
  }

  @Test func `what was looked for and is not there is told, and changes nothing`() {
    var grounds = Grounds([evidence])
    grounds.support(nil)
    grounds.refute(nil, lookingFor: "idle connections")
    #expect(grounds.confidence == 0.5)
    #expect(grounds.evidence.count == 1)
    #expect(grounds.notFound == ["idle connections"])
  }
}
