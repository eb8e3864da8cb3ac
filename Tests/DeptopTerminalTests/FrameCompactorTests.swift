import DeptopScreen
import DeptopTestSupport
import Testing

@testable import DeptopTerminal

@Suite struct FrameCompactorTests {
  private static func capabilities(_ changed: [String: String] = [:]) -> (String) -> String? {
    let xterm = [
      "sgr0": "\u{1b}(B\u{1b}[m", "op": "\u{1b}[39;49m", "bold": "\u{1b}[1m", "rev": "\u{1b}[7m",
      "rmul": "\u{1b}[24m",
    ]
    return { xterm.merging(changed) { $1 }[$0] }
  }

  private func compactor(_ changed: [String: String] = [:]) throws -> FrameCompactor {
    try #require(FrameCompactor(capability: FrameCompactorTests.capabilities(changed)))
  }

  private func compact(_ frames: String...) throws -> [String] {
    var compactor = try compactor()
    return frames.map { String(decoding: compactor.compact(Array($0.utf8)), as: UTF8.self) }
  }

  @Test func `a change and its undoing cost one sequence each`() throws {
    let frame = "\u{1b}[30m\u{1b}[46m5\u{1b}[39;49m\u{1b}(B\u{1b}[mx"
    #expect(try compact("a", frame) == ["\u{1b}[ma", "\u{1b}[30;46m5\u{1b}[mx"])
  }

  @Test func `what the next frame needs again is not undone between them`() throws {
    let frame = "\u{8}\u{1b}[30m\u{1b}[46m5\u{1b}[39;49m\u{1b}(B\u{1b}[m"
    #expect(try compact(frame, frame)[1] == "\u{8}5")
  }

  @Test func `erasing has the right background`() throws {
    #expect(
      try compact("\u{1b}[44mx\u{1b}[49m\u{1b}[K\u{1b}[1my")
        == ["\u{1b}[0;44mx\u{1b}[m\u{1b}[K\u{1b}[1my"])
  }

  @Test func `blanks do not ask for a foreground`() throws {
    #expect(try compact("a\u{1b}[31m  b") == ["\u{1b}[ma  \u{1b}[31mb"])
    #expect(try compact("a\u{1b}[7m  b") == ["\u{1b}[ma\u{1b}[7m  b"])
  }

  @Test func `a sequence that is not understood passes and nothing is assumed after it`() throws {
    #expect(try compact("a\u{1b}[77mb") == ["\u{1b}[ma\u{1b}[77m\u{1b}[mb"])
  }

  @Test(arguments: [
    ["sgr0": "\u{1b}G0"], ["bold": "\u{1b}B"], ["op": "\u{1b}[x"],
  ])
  func `a terminal that speaks otherwise is left alone`(capabilities: [String: String]) {
    #expect(FrameCompactor(capability: FrameCompactorTests.capabilities(capabilities)) == nil)
  }

  @Test(arguments: 1...40, [true, false])
  func `a compacted stream shows the same as the stream itself`(seed: UInt64, canUnset: Bool) throws {
    var random = SplitMix(state: seed)
    var compactor = try compactor(canUnset ? [:] : ["rmul": "\u{1b}[m"])
    var plain = TerminalEmulator(size: Size(columns: 30, rows: 8))
    var compacted = plain
    for _ in 0..<12 {
      let frame = Array(randomFrame(&random).utf8)
      plain.feed(frame)
      let bytes = compactor.compact(frame)
      compacted.feed(bytes)
      #expect(plain.cells.map(\.look) == compacted.cells.map(\.look))
      #expect(plain.cursor == compacted.cursor)
      if Bool.random(using: &random) { compactor.forget() }
    }
    #expect(plain.unknown == [])
    #expect(compacted.unknown == [])
  }

  private func randomFrame(_ random: inout SplitMix) -> String {
    let parts = [
      "ab", " ", "   ", "漢", "é", "│", "\u{1b}[3b", "\r", "\n", "\u{8}", "\u{1b}[K", "\u{1b}[J", "\u{1b}[4X",
      "\u{1b}[2P",
      "\u{1b}[2@", "\u{1b}[L", "\u{1b}[M", "\u{1b}M", "\u{1b}[2;7r", "\u{1b}[S", "\u{1b}[3;4H", "\u{1b}[5d",
      "\u{1b}[9G",
      "\u{1b}[31m", "\u{1b}[44m", "\u{1b}[39;49m", "\u{1b}[m", "\u{1b}(B\u{1b}[m", "\u{1b}[0;10;1;7m", "\u{1b}[7m",
      "\u{1b}[27m", "\u{1b}[4m", "\u{1b}[24m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[22m", "\u{1b}[3m", "\u{1b}[23m",
      "\u{1b}[38;5;200m", "\u{1b}[48;5;17m", "\u{1b}[38:2::1:2:3m", "\u{1b}[48;2;4;5;6m", "\u{1b}[97;100m",
    ]
    return (0..<40).compactMap { _ in parts.randomElement(using: &random) }.joined()
  }
}

/// Repeatable randomness.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
