import CLinux
import DeptopBlocking
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Synchronization
import Testing

@testable import DeptopHelper

/// Both sides against a peer that says anything at all.
@Suite("Conversation with the helper") struct ConversationTests {
  private func socketPair() throws -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else {
      throw TestFailure("no socket: \(SystemError.last)")
    }
    return (ends[0], ends[1])
  }

  private func send(_ bytes: [UInt8], to descriptor: Int32) throws {
    let status = unsafe clinux_message_send(descriptor, bytes, bytes.count, -1)
    guard status == 0 else { throw TestFailure("not sent: \(SystemError(number: -status))") }
  }

  private func receive(from descriptor: Int32) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var passed: Int32 = -1
    let length = unsafe clinux_message_receive(descriptor, &buffer, buffer.count, &passed)
    if passed >= 0 { close(passed) }
    guard length >= 0 else { throw TestFailure("nothing received: \(SystemError(number: Int32(-length)))") }
    return Array(buffer[..<Int(length)])
  }

  /// A server on a thread of its own, as the tests' blocking reads may hold every thread that tasks run on.
  private func serve(_ descriptor: Int32, parent: Int32) -> ServerRun {
    let run = ServerRun()
    BlockingThread().start {
      defer { close(descriptor) }
      var server = HelperServer(descriptor: descriptor, host: EmptyHost(), parent: parent)
      run.end(Result { () throws(HostAccessError) in try server.serve() })
    }
    return run
  }

  @Test func `a server answers every message, and ends with its peer`() async throws {
    let (client, server) = try socketPair()
    let run = serve(server, parent: getpid())
    var seeded = Seeded(7)
    var understood = 0
    for round in 0..<4_000 {
      let valid = Samples.requests.randomElement(using: &seeded)?.frame(number: UInt32(round)) ?? []
      let noise = seeded.bytes(Int.random(in: 1...200, using: &seeded))
      var message = Bool.random(using: &seeded) ? seeded.damaged(valid) : noise
      // An empty message is the end of the stream.
      if message.isEmpty { message = [0] }
      try send(message, to: client)
      let (_, answer) = try HelperAnswer.read(try receive(from: client))
      if answer.kind != .malformed { understood += 1 }
    }
    #expect(understood > 100)
    try send(HelperRequest.hello(version: Frame.version).frame(number: 5), to: client)
    #expect(try HelperAnswer.read(try receive(from: client)) == (5, .done))
    close(client)
    try await run.result()
  }

  @Test func `nothing is answered before the greeting, and no other version`() async throws {
    let (client, server) = try socketPair()
    let run = serve(server, parent: getpid())
    let exchanges: [(HelperRequest, HelperAnswer)] = [
      (.abilities, .refused("the first request is no greeting")),
      (.openSocket(.udp4, .own), .refused("the first request is no greeting")),
      (.hello(version: 9), .refused("deptop-helper speaks version 1, the collector 9: install both anew")),
      (.abilities, .refused("the first request is no greeting")), (.hello(version: 1), .done),
      (.abilities, .abilities(HostAbilities(missing: [:]))),
    ]
    for (request, expected) in exchanges {
      try send(request.frame(number: 1), to: client)
      #expect(try HelperAnswer.read(try receive(from: client)) == (1, expected))
    }
    close(client)
    try await run.result()
  }

  @Test func `a message that is too long is refused, and the next one answered`() async throws {
    let (client, server) = try socketPair()
    let run = serve(server, parent: getpid())
    try send([UInt8](repeating: 1, count: Frame.longest + 1), to: client)
    #expect(
      try HelperAnswer.read(try receive(from: client)) == (0, .malformed("a request is longer than 131072 bytes")))
    try send(HelperRequest.hello(version: 1).frame(number: 2), to: client)
    #expect(try HelperAnswer.read(try receive(from: client)) == (2, .done))
    close(client)
    try await run.result()
  }

  @Test func `a peer that is not the parent is refused`() async throws {
    let (client, server) = try socketPair()
    defer { close(client) }
    await #expect(throws: HostAccessError.refused("the peer is process \(getpid()), not the parent 1")) {
      try await serve(server, parent: 1).result()
    }
  }

  /// A link whose helper answers with this, whatever is asked, after it was greeted.
  private func link(answering answer: @escaping @Sendable (UInt32) -> [UInt8]) -> HelperLink {
    HelperLink(pause: .seconds(30)) { () throws(HostAccessError) in
      var ends: [Int32] = [-1, -1]
      guard unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0 else {
        throw .absent("no socket")
      }
      let server = ends[1]
      BlockingThread().start {
        defer { close(server) }
        var buffer = [UInt8](repeating: 0, count: Frame.longest)
        var passed: Int32 = -1
        while unsafe clinux_message_receive(server, &buffer, buffer.count, &passed) > 0 {
          let number = buffer[..<4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
          let isGreeting = buffer[4] == HelperRequest.Verb.hello.rawValue
          let bytes = isGreeting ? HelperAnswer.done.frame(number: number) : answer(number)
          guard unsafe clinux_message_send(server, bytes, bytes.count, -1) == 0 else { return }
        }
      }
      let channel = HelperChannel(descriptor: ends[0], process: nil)
      try channel.greet()
      return channel
    }
  }

  /// The outcome of each verb in turn; what is returned does not matter here.
  private func ask(_ link: HelperLink, verb: Int) -> HostAccessError? {
    do throws(HostAccessError) {
      switch verb % 9 {
      case 0: _ = try link.abilities()
      case 1: _ = try link.namespaces()
      case 2: close(try link.openSocket(.udp4, in: .own))
      case 3: _ = try link.owners(of: [1, 2])
      case 4: _ = try link.text(of: .hosts, process: 1)
      case 5: _ = try link.settings(of: .own)
      case 6: _ = try link.translations(of: [SocketEnds(local: Samples.four, remote: Samples.six)], in: .own)
      case 7: try link.announce(RepairPlan(plan: "p", life: .seconds(1), sockets: [Samples.target(1)]))
      default: _ = try link.repair(.destroy, plan: "p", cookies: [1])
      }
      return nil
    } catch {
      return error
    }
  }

  @Test func `a client takes no answer that is none`() {
    var broken = 0
    for round in 0..<1_000 {
      let link = link { number in
        var seeded = Seeded(UInt64(round))
        let valid = Samples.answers.randomElement(using: &seeded)?.frame(number: number) ?? []
        let bytes = round % 2 == 0 ? seeded.damaged(valid) : seeded.bytes(Int.random(in: 1...100, using: &seeded))
        return bytes.isEmpty ? [0] : bytes
      }
      if case .broken = ask(link, verb: round) {
        broken += 1
        // The helper was let go of, and is not started again at once.
        #expect(ask(link, verb: round) != nil)
      }
    }
    #expect(broken > 500)
  }

  @Test func `an answer of another kind, or to another request, is none`() {
    for verb in [0, 1, 2, 3, 4, 5, 6, 8] {
      let other = link { HelperAnswer.done.frame(number: $0) }
      #expect(ask(other, verb: verb) == .broken("deptop-helper's answer is none to the request"))
    }
    let late = link { HelperAnswer.done.frame(number: $0 &- 1) }
    #expect(ask(late, verb: 7) == .broken("deptop-helper answers request 1, not 2"))
    let endless = link { HelperAnswer.namespaces([], more: true).frame(number: $0) }
    #expect(ask(endless, verb: 1) == .broken("deptop-helper's answer is none to the request"))
    let idle = link { HelperAnswer.owners([:], covered: 0).frame(number: $0) }
    #expect(ask(idle, verb: 3) == .broken("deptop-helper's answer is none to the request"))
  }

  @Test func `long answers come in parts`() async throws {
    let (client, server) = try socketPair()
    let run = serve(server, parent: getpid())
    let link = HelperLink { () throws(HostAccessError) in
      let channel = HelperChannel(descriptor: client, process: nil)
      try channel.greet()
      return channel
    }
    let records = try link.namespaces()
    #expect(records.map(\.id.inode) == Array(1...3_000))
    let inodes = Array(1...20_000 as ClosedRange<UInt32>)
    let owners = try link.owners(of: inodes)
    #expect(owners.count == inodes.count)
    #expect(owners[19_999]?.pid == 19_999)
    try link.announce(RepairPlan(plan: "p", life: .seconds(1), sockets: []))
    _ = consume link
    try await run.result()
  }
}

/// How a server ended.
private final class ServerRun: Sendable {
  private let outcome = Mutex<Result<Void, HostAccessError>?>(nil)

  func end(_ result: Result<Void, HostAccessError>) { outcome.withLock { $0 = result } }

  func result() async throws {
    try await waitUntil("the end of the server") { outcome.withLock { $0 != nil } }
    try outcome.withLock { $0 }?.get()
  }
}

/// A host on which there are very many things and nothing can be done.
private struct EmptyHost: HostAccess {
  private static let name = String(repeating: "n", count: 200)

  func abilities() throws(HostAccessError) -> HostAbilities { HostAbilities(missing: [:]) }

  func namespaces() throws(HostAccessError) -> [NamespaceRecord] {
    (1...3_000).map { number in
      NamespaceRecord(id: NamespaceID(number), first: Self.owner(Int32(number)), processes: 1)
    }
  }

  private static func owner(_ number: Int32) -> SocketOwner {
    SocketOwner(pid: number, process: "p", startedAt: 1, unit: ServiceUnit(.systemd, name))
  }

  func openSocket(_ kind: NamespaceSocket, in namespace: NamespaceID) throws(HostAccessError) -> Int32 {
    throw .refused("none")
  }

  func owners(of inodes: [UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner] {
    Dictionary(inodes.map { ($0, Self.owner(Int32(truncatingIfNeeded: $0))) }) { first, _ in first }
  }

  func text(of file: ProcessFile, process: Int32) throws(HostAccessError) -> [UInt8]? { nil }

  func settings(of namespace: NamespaceID) throws(HostAccessError) -> [KernelSetting: Int64] { [:] }

  func translations(
    of ends: [SocketEnds], in namespace: NamespaceID
  ) throws(HostAccessError) -> [SocketAddress?] { ends.map { _ in nil } }

  func announce(_ plan: RepairPlan) throws(HostAccessError) {}

  func repair(
    _ step: RepairStep, plan: PlanID, cookies: [UInt64]
  ) throws(HostAccessError) -> [RepairOutcome] { cookies.map { _ in .gone } }
}
