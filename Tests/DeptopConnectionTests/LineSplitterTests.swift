import FoundationEssentials
import Testing

@testable import DeptopConnection

struct LineSplitterTests {
  private func lines(_ pieces: [String], limit: Int = 100) throws -> [String] {
    var splitter = LineSplitter(limit: limit)
    return try pieces.flatMap { try splitter.take(Array($0.utf8)) }.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: [
    (["a\nb\n"], ["a", "b"]), (["a", "\n", "b"], ["a"]), (["", "\n\n"], ["", ""]),
    (["ab", "c\nd", "e\n"], ["abc", "de"]),
    (["no end"], []),
  ])
  func `bytes become lines, wherever they are cut`(pieces: [String], expected: [String]) throws {
    #expect(try lines(pieces) == expected)
  }

  @Test func `every way to cut a text gives the same lines`() throws {
    let text = Array("one\ntwo\n\nthree\n".utf8)
    for size in 1...text.count {
      var splitter = LineSplitter(limit: 5)
      let cut = stride(from: 0, to: text.count, by: size).map { text[$0..<min($0 + size, text.count)] }
      let lines = try cut.flatMap { try splitter.take($0) }
      #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["one", "two", "", "three"])
    }
  }

  @Test(arguments: [["123456789\n"], ["12345", "6789"], ["ok\n123456789\nok\n"]])
  func `a line over the limit is refused, with or without its end`(pieces: [String]) {
    #expect(throws: CollectorError.self) { try lines(pieces, limit: 8) }
  }

  @Test func `many lines together may be longer than one`() throws {
    #expect(try lines(["12345678\n12345678\n"], limit: 8).count == 2)
  }
}
