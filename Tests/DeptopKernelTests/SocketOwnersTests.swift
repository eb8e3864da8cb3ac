import DeptopModel
import DeptopTestSupport
import Glibc
import Synchronization
import Testing

@testable import DeptopKernel

@Suite("Socket owners")
struct SocketOwnersTests {
  private let host: ProcessTree
  private let clock = ManualInstant()

  init() throws {
    host = try ProcessTree()
  }

  private func owners(_ limits: SocketOwners.Limits = .init()) -> SocketOwners {
    let clock = clock
    return SocketOwners(files: ProcessFiles(root: host.root), limits: limits) { clock.now }
  }

  private func connections(_ inodes: UInt32...) -> [ObservedConnection] {
    inodes.map { inode in
      let address = SocketAddress(IPAddress(v4: inode), port: 1)
      let sample = SocketSample(
        local: address, remote: address, state: .established, cookie: UInt64(inode), inode: inode)
      return ObservedConnection(
        sample: sample, owner: nil, firstSeenAt: WallTime(secondsSinceEpoch: 0), isOlderThanSeen: false)
    }
  }

  private func assign(_ owners: inout SocketOwners, _ inodes: [ObservedConnection]) -> [SocketOwner?] {
    var connections = inodes
    owners.assign(to: &connections)
    return connections.map(\.owner)
  }

  @Test func `a connection is owned by the process that holds its descriptor`() throws {
    try host.add(12, name: "billing", links: ["socket:[501]", "/dev/null", "pipe:[502]", "anon_inode:[eventpoll]"])
    try host.add(7, name: "orders", links: ["socket:[503]"])
    try host.add(8, name: "x", links: ["socket:[x]", "socket:[", "socket:[99999999999999999999999]"])
    var owners = owners()
    #expect(
      assign(&owners, connections(501, 502, 503, 0))
        == [SocketOwner(pid: 12, process: "billing"), nil, SocketOwner(pid: 7, process: "orders"), nil])
  }

  @Test func `of several holders the one with the lowest id counts`() throws {
    for pid in [100, 20, 3] as [Int32] { try host.add(pid, name: "worker\(pid)", links: ["socket:[501]"]) }
    var owners = owners()
    #expect(assign(&owners, connections(501)) == [SocketOwner(pid: 3, process: "worker3")])
  }

  @Test func `a host that cannot be read has no owners and no failure`() {
    var owners = SocketOwners(files: ProcessFiles(root: host.root + "/nothing/here"))
    #expect(assign(&owners, connections(501)) == [nil])
  }

  @Test func `a process whose descriptors may not be read owns nothing`() throws {
    try host.addProcessWithoutDescriptors(5)
    try host.add(6, name: "b", links: ["socket:[501]"])
    var owners = owners()
    #expect(assign(&owners, connections(501)) == [SocketOwner(pid: 6, process: "b")])
  }

  @Test func `what is known is not looked for again`() throws {
    try host.add(6, name: "b", links: ["socket:[501]"])
    var owners = owners()
    _ = assign(&owners, connections(501))
    try host.rename(6, to: "other")
    clock.advance(by: .seconds(5))
    #expect(assign(&owners, connections(501)) == [SocketOwner(pid: 6, process: "b")])
  }

  @Test func `what was not found is not looked for again before everything is`() throws {
    var owners = owners()
    #expect(assign(&owners, connections(501)) == [nil])
    try host.add(6, name: "b", links: ["socket:[501]"])
    clock.advance(by: .seconds(59))
    #expect(assign(&owners, connections(501)) == [nil])
    clock.advance(by: .seconds(1))
    #expect(assign(&owners, connections(501)) == [SocketOwner(pid: 6, process: "b")])
  }

  @Test func `a socket that is new starts a search, which finds the others as well`() throws {
    var owners = owners()
    #expect(assign(&owners, connections(501)) == [nil])
    try host.add(6, name: "b", links: ["socket:[501]", "socket:[502]"])
    clock.advance(by: .seconds(1))
    let b = SocketOwner(pid: 6, process: "b")
    #expect(assign(&owners, connections(501, 502)) == [b, b])
  }

  @Test func `searches take a small share of the time`() throws {
    try host.add(6, name: "b", links: ["socket:[501]", "socket:[502]", "socket:[503]"])
    let b = SocketOwner(pid: 6, process: "b")
    var owners = owners()
    // Each look at the clock takes 10 ms, as if reading did; a search looks three times.
    clock.step = .milliseconds(10)
    #expect(assign(&owners, connections(501)) == [b])
    clock.step = .zero
    #expect(assign(&owners, connections(501, 502)) == [b, nil])
    clock.advance(by: .seconds(3))
    #expect(assign(&owners, connections(501, 502)) == [b, b])
  }

  @Test func `a long search goes on in the next sweep`() throws {
    for pid in 1...3 as ClosedRange<Int32> { try host.add(pid, name: "p\(pid)", links: ["socket:[50\(pid)]"]) }
    var limits = SocketOwners.Limits()
    limits.slice = .milliseconds(5)
    var owners = owners(limits)
    clock.step = .milliseconds(10)
    #expect(assign(&owners, connections(502, 503)) == [nil, nil])
    #expect(assign(&owners, connections(502, 503)) == [nil, nil])
    #expect(assign(&owners, connections(502, 503)).map { $0?.pid } == [2, 3])
  }

  @Test func `sockets that are gone are forgotten`() throws {
    try host.add(6, name: "b", links: ["socket:[501]", "socket:[502]"])
    var owners = owners()
    _ = assign(&owners, connections(501, 502, 777))
    #expect(owners.count == 3)
    _ = assign(&owners, connections(502))
    #expect(owners.count == 1)
    _ = assign(&owners, connections())
    #expect(owners.count == 0)
  }

  @Test func `a socket that outlives its owner gets the next holder`() throws {
    try host.add(6, name: "parent", links: ["socket:[501]"])
    try host.add(9, name: "child", links: ["socket:[501]"])
    var owners = owners()
    #expect(assign(&owners, connections(501)) == [SocketOwner(pid: 6, process: "parent")])
    try host.remove(6)
    clock.advance(by: .seconds(1))
    #expect(assign(&owners, connections(501)) == [SocketOwner(pid: 9, process: "child")])
  }

  @Test func `somebody with more rights is asked for what is new, seldom`() throws {
    var owners = owners()
    var questions: [[UInt32]] = []
    func assign(_ inodes: UInt32...) -> [SocketOwner?] {
      var connections = inodes.flatMap { self.connections($0) }
      owners.assign(to: &connections) { (inodes) throws(HostAccessError) in
        questions.append(inodes)
        // Each question takes 10 ms.
        clock.advance(by: .milliseconds(10))
        return Dictionary(
          uniqueKeysWithValues: inodes.filter { $0 != 502 }.map { ($0, SocketOwner(pid: 6, process: "b")) })
      }
      return connections.map(\.owner)
    }
    try host.add(6, name: "b", links: [])
    let b = SocketOwner(pid: 6, process: "b")
    #expect(assign(501, 502) == [b, nil])
    #expect(assign(501, 502, 503) == [b, nil, nil])
    clock.advance(by: .seconds(1))
    #expect(assign(501, 502, 503) == [b, nil, b])
    #expect(questions == [[501, 502], [503]])
    clock.advance(by: .seconds(60))
    #expect(assign(501, 502, 503) == [b, nil, b])
    #expect(questions.last == [501, 502, 503])
  }

  @Test func `when nobody answers, one's own search takes the place`() throws {
    try host.add(6, name: "b", links: ["socket:[501]"])
    var owners = owners()
    var connections = connections(501)
    owners.assign(to: &connections) { _ throws(HostAccessError) in throw .absent("gone") }
    #expect(connections.map(\.owner) == [SocketOwner(pid: 6, process: "b")])
  }

  @Test func `a question that is refused is not asked again at every sweep`() throws {
    try host.add(6, name: "b", links: ["socket:[501]"])
    var owners = owners()
    var questions = 0
    func assign(_ inodes: UInt32..., answer: [UInt32: SocketOwner]? = nil) -> [SocketOwner?] {
      var connections = inodes.flatMap { self.connections($0) }
      owners.assign(to: &connections) { _ throws(HostAccessError) in
        questions += 1
        clock.advance(by: .seconds(2))
        guard let answer else { throw HostAccessError.refused("too much") }
        return answer
      }
      return connections.map(\.owner)
    }
    let b = SocketOwner(pid: 6, process: "b")
    #expect(assign(501, 502) == [b, nil])
    #expect(owners.refusal == .refused("too much"))
    clock.advance(by: .seconds(199))
    #expect(assign(501, 502) == [b, nil])
    #expect(questions == 1)
    #expect(owners.refusal == .refused("too much"))
    clock.advance(by: .seconds(1))
    #expect(assign(501, 502, answer: [501: b, 502: b]) == [b, b])
    #expect(questions == 2)
    #expect(owners.refusal == nil)
  }

  @Test func `a walk that is cut short is no answer`() throws {
    try host.add(6, name: "b", links: ["socket:[501]"])
    try host.add(7, name: "c", links: (0..<5_000).map { "socket:[\(1_000 + $0)]" })
    let files = ProcessFiles(root: host.root)
    #expect(files.owners(of: [501, 1_003, 9])?.mapValues(\.pid) == [501: 6, 1_003: 7])
    #expect(files.owners(of: [501, 9], while: { false }) == nil)
    // Before the first process, before the second, and once within its descriptors.
    var questions = 0
    #expect(
      files.owners(of: [501, 9]) {
        questions += 1
        return questions < 3
      } == nil)
    #expect(questions == 3)
  }

  @Test func `the test process is found by its own name`() throws {
    let files = ProcessFiles()
    let own = getpid()
    #expect(files.exists(own))
    #expect(files.processes().contains(own))
    let name = try #require(files.name(of: own))
    #expect(!name.isEmpty && name.utf8.count <= 15)
  }
}

/// A clock that a test moves.
private final class ManualInstant: Sendable {
  private struct State {
    var now = ContinuousClock.now
    var step: Duration = .zero
  }

  private let state = Mutex(State())

  /// By how much each look at the clock moves it.
  var step: Duration {
    get { state.withLock { $0.step } }
    set { state.withLock { $0.step = newValue } }
  }

  var now: ContinuousClock.Instant {
    state.withLock { state in
      state.now += state.step
      return state.now
    }
  }

  func advance(by duration: Duration) {
    state.withLock { $0.now += duration }
  }
}

/// A directory of the form of `/proc`, removed with its last reference.
private final class ProcessTree: Sendable {
  let root: String
  /// What was made, in order.
  private let made = Mutex<[String]>([])

  init() throws {
    var template = Array("/tmp/deptop-proc-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw KernelLoopback.Failure(call: "mkdtemp", code: errno) }
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try make(directory: "self")
    try make(directory: "sys")
  }

  deinit {
    for path in made.withLock({ $0 }).reversed() { unsafe Glibc.remove("\(root)/\(path)") }
    unsafe Glibc.remove(root)
  }

  func add(_ pid: Int32, name: String, links: [String]) throws {
    try addProcessWithoutDescriptors(pid)
    try make(directory: "\(pid)/fd")
    try rename(pid, to: name)
    for (number, target) in links.enumerated() {
      let path = "\(pid)/fd/\(number)"
      guard unsafe symlink(target, "\(root)/\(path)") == 0 else {
        throw KernelLoopback.Failure(call: "symlink", code: errno)
      }
      made.withLock { $0.append(path) }
    }
  }

  func addProcessWithoutDescriptors(_ pid: Int32) throws {
    try make(directory: "\(pid)")
  }

  func rename(_ pid: Int32, to name: String) throws {
    let path = "\(pid)/comm"
    let descriptor = unsafe open("\(root)/\(path)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw KernelLoopback.Failure(call: "open", code: errno) }
    defer { close(descriptor) }
    made.withLock { if !$0.contains(path) { $0.append(path) } }
    let text = Array("\(name)\n".utf8)
    guard unsafe write(descriptor, text, text.count) == text.count else {
      throw KernelLoopback.Failure(call: "write", code: errno)
    }
  }

  /// Removes all that a process had, as its end does.
  func remove(_ pid: Int32) throws {
    let paths = made.withLock { paths in
      let ended = paths.filter { $0 == "\(pid)" || $0.hasPrefix("\(pid)/") }
      paths.removeAll { ended.contains($0) }
      return ended
    }
    for path in paths.reversed() where unsafe Glibc.remove("\(root)/\(path)") != 0 {
      throw KernelLoopback.Failure(call: "remove", code: errno)
    }
  }

  private func make(directory: String) throws {
    guard unsafe mkdir("\(root)/\(directory)", 0o700) == 0 else {
      throw KernelLoopback.Failure(call: "mkdir", code: errno)
    }
    made.withLock { $0.append(directory) }
  }
}
