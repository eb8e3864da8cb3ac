import DeptopKernel
import DeptopTestSupport
import Glibc
import Testing

@testable import DeptopHelper

@Suite("The helper's log") struct StandardErrorTests {
  @Test func `a line is written whole, with its program`() throws {
    let pipe = try Pipe()
    StandardError.write("repair: done", to: pipe.output)
    #expect(pipe.read() == Array("deptop-helper: repair: done\n".utf8))
  }

  /// A write that waited would never end.
  @Test(.timeLimit(.minutes(1))) func `a line that nobody takes is dropped`() throws {
    let pipe = try Pipe()
    let written = try pipe.fill()
    StandardError.write("dropped", to: pipe.output)
    var length = 0
    while length < written { length += pipe.read().count }
    StandardError.write("taken", to: pipe.output)
    #expect(pipe.read() == Array("deptop-helper: taken\n".utf8))
    #expect(length == written)
  }

  @Test(arguments: [0, 4_079, 4_080, 4_081, 9_000]) func `a line is never longer than a pipe takes at once`(length: Int)
  {
    let line = String(repeating: "a", count: length)
    let bytes = StandardError.bytes(of: line)
    #expect(bytes.count == min(length + 16, 4_096))
    #expect(bytes.last == UInt8(ascii: "\n"))
    #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
  }

  @Test func `a line is cut between two characters`() {
    for filling in 0..<4 {
      let bytes = StandardError.bytes(of: String(repeating: "a", count: filling) + String(repeating: "𝄞", count: 2_000))
      #expect(String(validating: bytes, as: UTF8.self)?.hasSuffix("𝄞\n") == true)
      #expect(bytes.count > 4_090 && bytes.count <= 4_096)
    }
  }
}

/// A pipe whose ends are closed with its last reference.
private final class Pipe {
  private let input: Int32
  let output: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw TestFailure("no pipe: \(SystemError.last)") }
    (input, output) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(input)
    close(output)
  }

  /// At most 4,096 bytes.
  func read() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let length = unsafe Glibc.read(input, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, length)))
  }

  /// Writes until nothing fits; how many bytes that were.
  func fill() throws -> Int {
    guard fcntl(output, F_SETFL, O_NONBLOCK) == 0 else { throw TestFailure("not set: \(SystemError.last)") }
    let block = [UInt8](repeating: 0x2e, count: 4_096)
    var written = 0
    while true {
      let length = unsafe write(output, block, block.count)
      guard length > 0 else { break }
      written += length
    }
    guard fcntl(output, F_SETFL, 0) == 0 else { throw TestFailure("not set: \(SystemError.last)") }
    return written
  }
}
