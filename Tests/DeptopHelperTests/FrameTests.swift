import DeptopKernel
import DeptopModel
import Testing

@testable import DeptopHelper

@Suite("Messages of the helper") struct FrameTests {
  @Test(arguments: Samples.requests) func `a request is read as it was written`(request: HelperRequest) throws {
    let (number, read) = try HelperRequest.read(request.frame(number: 0xfedc_ba98))
    #expect(number == 0xfedc_ba98)
    #expect(read == request)
  }

  @Test(arguments: Samples.answers) func `an answer is read as it was written`(answer: HelperAnswer) throws {
    let (number, read) = try HelperAnswer.read(answer.frame(number: 7))
    #expect(number == 7)
    #expect(read == answer)
  }

  @Test(arguments: Samples.requests) func `a request that is cut off or too long is refused`(request: HelperRequest) {
    let frame = request.frame(number: 1)
    for length in frame.indices {
      #expect(throws: FrameError.self) { try HelperRequest.read(Array(frame[..<length])) }
    }
    #expect(throws: FrameError("1 bytes too many")) { try HelperRequest.read(frame + [0]) }
  }

  @Test func `an error names the place and the value`() {
    let frame = HelperRequest.openSocket(.diagnostics, .own).frame(number: 1)
    #expect(throws: FrameError("the kind of socket: there is no 99")) {
      try HelperRequest.read(Array(frame[..<5]) + [99] + Array(frame[6...]))
    }
    #expect(throws: FrameError("the verb: there is no 200")) { try HelperRequest.read([0, 0, 0, 0, 200]) }
    #expect(throws: FrameError("inodes: 4294967295 are announced, 0 bytes are left")) {
      try HelperRequest.read([0, 0, 0, 0, HelperRequest.Verb.owners.rawValue, 255, 255, 255, 255])
    }
  }

  @Test func `a text that is too long is cut between two characters`() throws {
    let long = String(repeating: "é", count: 40_000)
    guard case .refused(let text) = try HelperAnswer.read(HelperAnswer.refused(long).frame(number: 1)).answer else {
      Issue.record("another answer")
      return
    }
    #expect(text.utf8.count == 65_534)
    #expect(long.hasPrefix(text))
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func `any bytes are a message or an error`(seed: UInt64) throws {
    var seeded = Seeded(seed)
    for _ in 0..<2_000 {
      let isNoise = Bool.random(using: &seeded)
      let request = Samples.requests.randomElement(using: &seeded)?.frame(number: 1) ?? []
      let answer = Samples.answers.randomElement(using: &seeded)?.frame(number: 1) ?? []
      let noise = seeded.bytes(Int.random(in: 0..<80, using: &seeded))
      // What is understood is written and read again as the same.
      if let (number, read) = try? HelperRequest.read(isNoise ? noise : seeded.damaged(request)) {
        #expect(try HelperRequest.read(read.frame(number: number)).request == read)
      }
      if let (number, read) = try? HelperAnswer.read(isNoise ? noise : seeded.damaged(answer)) {
        #expect(try HelperAnswer.read(read.frame(number: number)).answer == read)
      }
    }
  }
}
