import DeptopBlocking
import DeptopWire
import Foundation
import Testing
import deptop

@Suite struct LabClientTests {
  private let lab: ScriptedLab

  init() throws { lab = try ScriptedLab() }

  /// What comes of a request when the lab answers in these pieces, and the request as the lab read it.
  private func ask(_ request: LabRequest, _ pieces: [String]) async throws -> (Result<String, LabError>, LabRequest) {
    let client = LabClient(socketPath: lab.socketPath)
    async let read = lab.serve(pieces)
    let result: Result<String, LabError>
    do throws(LabError) {
      result = .success(try await BlockingThread().run { () throws(LabError) in try client.ask(request) })
    } catch {
      result = .failure(error)
    }
    return (result, try WireCoding().decode(LabRequest.self, from: Data(await read.utf8)))
  }

  private func line(_ answer: LabAnswer) throws -> String {
    String(decoding: try WireCoding().encodeLine(answer), as: UTF8.self)
  }

  @Test(arguments: [
    LabRequest.next, .play(scenario: "dns-failover"), .fault(words: ["stall", "search-api", "2s"]), .status, .stop,
  ])
  func `a request arrives as it was sent, and what the lab says comes back`(_ request: LabRequest) async throws {
    let (result, read) = try await ask(request, [line(.done("3/15 dns-failover: broken"))])
    #expect(result == .success("3/15 dns-failover: broken"))
    #expect(read == request)
  }

  @Test func `an answer that comes in pieces is one answer`() async throws {
    let whole = try line(.done("two\nlines")).map(String.init)
    #expect(try await ask(.status, whole).0 == .success("two\nlines"))
  }

  @Test func `a refusal carries the lab's reason`() async throws {
    let (result, _) = try await ask(.play(scenario: "x"), [line(.refused("there is no scenario x"))])
    #expect(result == .failure(.refused("there is no scenario x")))
  }

  @Test func `a lab that closes without an answer is told`() async throws {
    let (result, _) = try await ask(.next, ["{\"done\""])
    #expect(result == .failure(.lost("the lab closed the connection without an answer")))
  }

  @Test func `what is no answer is told with its beginning`() async throws {
    let (result, _) = try await ask(.next, ["HTTP/1.1 400\r\n"])
    guard case .failure(.unreadable(let text)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(text.contains("HTTP/1.1 400"))
  }

  @Test func `a lab that says nothing is given up`() async throws {
    let client = LabClient(socketPath: lab.socketPath, patience: .milliseconds(50))
    async let listening: Void = lab.listenOnly()
    await #expect(throws: LabError.self) {
      try await BlockingThread().run { () throws(LabError) in try client.ask(.status) }
    }
    await listening
  }

  @Test func `without a lab it is said that none answers, and how to start one`() {
    #expect(
      throws: LabError.absent(
        "no lab answers on /nowhere/lab.sock: No such file or directory; deptop demo or deptop lab run starts one")
    ) { try LabClient(socketPath: "/nowhere/lab.sock").ask(.status) }
  }

  @Test func `a path that no socket can have is refused before anything is opened`() {
    let path = "/" + String(repeating: "a", count: 200)
    #expect {
      try LabClient(socketPath: path).ask(.status)
    } throws: { error in
      if case .absent(let text)? = error as? LabError { text.contains("107 bytes") } else { false }
    }
  }
}
