import DeptopDashboard
import Foundation
import Glibc
import Testing
import deptop

/// A lab that is a shell script, which is to say what `deptop-lab run` may do, and no more.
@Suite final class LabProcessTests {
  private let folder: String
  private static let ready = #"echo '{"ready":{"controlSocket":"/c","labSocket":"/l"}}'"#

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/deptop-process-XXXXXX").utf8CString)
    folder = try #require(unsafe mkdtemp(&template).map { unsafe String(cString: $0) })
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
  }

  private func start(_ script: String, _ arguments: [String] = []) throws -> LabProcess {
    let path = folder + "/lab"
    // Another process writes it: here, a test that spawns at the same moment would hold it open for writing.
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    let text = "#!/bin/sh\ncd '\(folder)'\n\(script)\n"
    writer.arguments = ["-c", #"printf %s "$1" > "$2" && chmod 700 "$2""#, "sh", text, path]
    try writer.run()
    writer.waitUntilExit()
    try #require(writer.terminationStatus == 0)
    return try LabProcess(OwnProgram(path: path), arguments)
  }

  @Test func `a lab that is ready is reached where it says, and what it told before is not lost`() throws {
    let lab = try start(
      """
      echo '{"leftOut":{"scenario":"nat-silent","reason":"forbidden here"}}'; echo noise; \(Self.ready)
      echo '{"finished":{}}'; read line
      """)
    let ready = try lab.waitUntilReady(atMost: .seconds(30))
    #expect(ready.controlSocket == "/c")
    #expect(ready.labSocket == "/l")
    lab.stop()
    var told: [DashboardInput] = []
    lab.follow(from: ready) { told.append($0) }
    #expect(told.first == .scenarioLeftOut("nat-silent", reason: "forbidden here"))
    #expect(told.contains { if case .noticed(let text, .done) = $0 { text.contains("played") } else { false } })
    #expect(told.last == .labEnded(reason: "it was stopped"))
  }

  @Test func `the arguments follow the word run`() throws {
    let lab = try start(#"echo "$*" > arguments; \#(Self.ready); read line"#, ["--scenario", "a", "--loopback"])
    _ = try lab.waitUntilReady(atMost: .seconds(30))
    lab.stop()
    #expect(try String(contentsOfFile: folder + "/arguments", encoding: .utf8) == "run --scenario a --loopback\n")
  }

  @Test func `the end of the lifeline is seen by the lab, and waited for`() throws {
    let lab = try start("\(Self.ready); read line; echo removed > end")
    _ = try lab.waitUntilReady(atMost: .seconds(30))
    lab.stop()
    #expect(FileManager.default.fileExists(atPath: folder + "/end"))
  }

  @Test func `a lab that cannot start says why`() throws {
    let lab = try start(#"echo '{"failed":{"_0":"there is no scenario x"}}'"#)
    defer { lab.stop() }
    #expect(throws: LabError.lost("the lab cannot start: there is no scenario x")) {
      try lab.waitUntilReady(atMost: .seconds(30))
    }
  }

  @Test func `a lab that dies before it is ready is told with its last words`() throws {
    let lab = try start("echo 'deptop-lab: unshare: not permitted' >&2; exit 1")
    defer { lab.stop() }
    #expect(throws: LabError.lost("the lab ended before it was ready: deptop-lab: unshare: not permitted")) {
      try lab.waitUntilReady(atMost: .seconds(30))
    }
  }

  @Test func `a lab that never becomes ready is given up`() throws {
    let lab = try start("read line")
    defer { lab.stop() }
    #expect(throws: LabError.lost("the lab was not ready within 0 s")) {
      try lab.waitUntilReady(atMost: .milliseconds(20))
    }
  }

  @Test func `a lab that fails later is told with its last words`() throws {
    let lab = try start("\(Self.ready); echo 'the name server ended' >&2; exit 3")
    defer { lab.stop() }
    let ready = try lab.waitUntilReady(atMost: .seconds(30))
    var told: [DashboardInput] = []
    lab.follow(from: ready) { told.append($0) }
    #expect(told == [.labEnded(reason: "it ended by a failure: the name server ended")])
  }

  @Test func `a program that is not there is told as such`() {
    #expect {
      try LabProcess(OwnProgram(path: "/nowhere/deptop-lab"), [])
    } throws: { "\($0)".contains("it belongs beside deptop, or on PATH") }
  }
}
