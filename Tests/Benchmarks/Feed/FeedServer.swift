internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials
internal import Glibc

/// A collector that makes its readings up, on a Unix socket: HTTP/1.1, `/v1/stream` and nothing else.
///
/// One thread. What a tick sends is encoded half an interval before, so that the sending itself costs next to nothing
/// and does not get in the way of the dashboard that is being measured.
struct FeedServer: ~Copyable {
  private let host: FeedHost
  private let listener: CInt
  private var connections: [CInt: Slot] = [:]
  private var current: Snapshot
  private var next: Snapshot
  /// The current snapshot as the first line of a stream; nil while it is not needed.
  private var full: Data?
  /// From the current snapshot to the next.
  private var delta = Data()

  /// Holds a connection in a dictionary.
  private final class Slot {
    var connection: FeedConnection
    init(_ descriptor: CInt) { connection = FeedConnection(descriptor: descriptor) }
  }

  init(host: FeedHost, socketPath: String) throws {
    self.host = host
    listener = try FeedServer.listen(at: socketPath)
    current = host.firstSnapshot(at: .now())
    next = current
  }

  deinit { close(listener) }

  /// Serves until standard input ends.
  mutating func run() throws {
    try prepare(for: .now() + host.tickInterval)
    var tick = ContinuousClock.now + host.tickInterval
    var preparation = tick + host.tickInterval / 2
    while true {
      guard try serve(until: min(tick, preparation)) else { return }
      if ContinuousClock.now >= tick {
        try advance()
        tick += host.tickInterval
      } else if ContinuousClock.now >= preparation {
        try prepare(for: .now() + ContinuousClock.now.duration(to: tick))
        preparation += host.tickInterval
      }
    }
  }

  /// Answers requests until a time; false when standard input ended.
  private mutating func serve(until deadline: ContinuousClock.Instant) throws -> Bool {
    var set = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
    ]
    for (descriptor, slot) in connections {
      let writing = slot.connection.isDrained ? 0 : POLLOUT
      set.append(pollfd(fd: descriptor, events: Int16(POLLIN | writing), revents: 0))
    }
    let left = max(.zero, ContinuousClock.now.duration(to: deadline))
    guard unsafe poll(&set, nfds_t(set.count), CInt((left / .milliseconds(1)).rounded(.up))) > 0 else { return true }
    if set[0].revents != 0 { return false }
    if set[1].revents != 0 { accept() }
    for entry in set.dropFirst(2) where entry.revents != 0 {
      guard let slot = connections[entry.fd] else { continue }
      slot.connection.flush()
      if let path = slot.connection.readRequest() { try answer(path, slot) }
      if slot.connection.isClosed { connections[entry.fd] = nil }
    }
    return true
  }

  private mutating func accept() {
    let descriptor = Glibc.accept(listener, nil, nil)
    if descriptor >= 0 { connections[descriptor] = Slot(descriptor) }
  }

  private mutating func answer(_ path: String, _ slot: Slot) throws {
    guard path.hasPrefix(API.stream) else {
      let refusal = try WireCoding().encode(Refusal(.notFound, "this collector only has \(API.stream)"))
      let head = "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: \(refusal.count)\r\n\r\n"
      slot.connection.send(Array(head.utf8) + refusal)
      return
    }
    let line = try full ?? WireCoding().encodeLine(StreamLine.full(current))
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
    slot.connection.send(Array(head.utf8))
    slot.connection.send(chunk: line)
    slot.connection.shown = current
  }

  /// Sends every dashboard that is ready for it what is new.
  private mutating func advance() throws {
    for (_, slot) in connections where slot.connection.isDrained {
      guard let shown = slot.connection.shown else { continue }
      if shown.sequence == current.sequence {
        slot.connection.send(chunk: delta)
      } else {
        let late = StreamLine.delta(SnapshotDelta(from: shown, to: next))
        slot.connection.send(chunk: try WireCoding().encodeLine(late))
      }
      slot.connection.shown = next
    }
    current = next
    full = nil
    if connections.isEmpty { full = try WireCoding().encodeLine(StreamLine.full(current)) }
  }

  private mutating func prepare(for time: WallTime) throws {
    next = host.snapshot(after: current, at: time)
    delta = try WireCoding().encodeLine(StreamLine.delta(SnapshotDelta(from: current, to: next)))
    if connections.isEmpty, full == nil { full = try WireCoding().encodeLine(StreamLine.full(current)) }
  }

  private static func listen(at path: String) throws(BenchmarkFailure) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let isTooLong = unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
      guard path.utf8.count < place.count else { return true }
      unsafe place.copyBytes(from: path.utf8)
      return false
    }
    guard !isTooLong else { throw BenchmarkFailure("\(path) is too long for a socket") }
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard descriptor >= 0, status == 0, Glibc.listen(descriptor, 16) == 0 else {
      throw BenchmarkFailure("listen at \(path)", code: errno)
    }
    return descriptor
  }
}
