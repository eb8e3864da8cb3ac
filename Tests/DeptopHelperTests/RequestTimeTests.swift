import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Synchronization
import Testing

@testable import DeptopHelper

/// Requests that would take longer than the collector waits.
@Suite("Time for one request") struct RequestTimeTests {
  /// A host whose clock moves by so much with each look at it.
  private func host(step: Duration) -> LocalHost {
    let instant = Mutex(ContinuousClock.now)
    return LocalHost(
      now: {
        instant.withLock { instant in
          instant += step
          return instant
        }
      }, log: { _ in })
  }

  @Test func `sockets that are not reached are told, and may be repaired later`() throws {
    let host = host(step: .milliseconds(500))
    let targets = (1...4).map { Samples.target($0) }
    try host.announce(RepairPlan(plan: "p", life: .seconds(600), sockets: targets))
    let outcomes = try host.repair(.destroy, plan: "p", cookies: [1, 2, 3, 4])
    let tooLate = RepairOutcome.refused("no time was left for it: nothing was done")
    #expect(outcomes.count == 4)
    #expect(outcomes.first != tooLate)
    #expect(outcomes.last == tooLate)
    // Nothing counts as carried out.
    #expect(try host.repair(.destroy, plan: "p", cookies: [4]).first == outcomes.first)
  }

  @Test func `owners are not half an answer`() throws {
    let refusal = HostAccessError.refused("the processes have too many open files to be searched in 2 s")
    #expect(throws: refusal) { try host(step: .seconds(1)).owners(of: [.max]) }
    #expect(try host(step: .zero).owners(of: [.max]).isEmpty)
  }

  /// A directory of the form of `/proc` in which process 5 has these links as its descriptors.
  private func tree(_ links: [String]) throws -> (TemporaryDirectory, ProcessFiles) {
    let directory = try TemporaryDirectory()
    for part in ["5", "5/fd"] where unsafe mkdir(directory.file(part), 0o700) != 0 {
      throw TestFailure("no directory: \(SystemError.last)")
    }
    for (number, link) in links.enumerated() where unsafe symlink(link, directory.file("5/fd/\(number)")) != 0 {
      throw TestFailure("no link: \(SystemError.last)")
    }
    return (directory, ProcessFiles(root: directory.path))
  }

  @Test func `descriptors are found, changed ones too, and those of nobody are not`() throws {
    let (directory, files) = try tree(["/dev/null", "socket:[7]", "socket:[8]"])
    defer { withExtendedLifetime(directory) {} }
    var index = DescriptorIndex(files: files) { true }
    #expect(index.holding(of: 7, in: 5) == .held(1))
    #expect(index.holding(of: 9, in: 5) == .notHeld)
    #expect(unsafe unlink(directory.file("5/fd/1")) == 0)
    #expect(index.holding(of: 7, in: 5) == .notHeld)
    #expect(index.holding(of: 8, in: 5) == .held(2))
    #expect(index.holding(of: 7, in: 6) == .unreadable)
  }

  @Test func `a table that takes too long is not taken for one without the socket`() throws {
    let (directory, files) = try tree((0..<5_000).map { "socket:[\($0)]" })
    defer { withExtendedLifetime(directory) {} }
    var whole = DescriptorIndex(files: files) { true }
    #expect(whole.holding(of: 4_999, in: 5) == .held(4_999))
    #expect(whole.holding(of: 5_000, in: 5) == .notHeld)
    var none = DescriptorIndex(files: files) { false }
    #expect(none.holding(of: 4, in: 5) == .unfinished)
    var looks = 0
    var half = DescriptorIndex(files: files) {
      looks += 1
      return looks < 2
    }
    #expect(half.holding(of: 5_000, in: 5) == .unfinished)
    #expect(looks == 2)
  }
}
