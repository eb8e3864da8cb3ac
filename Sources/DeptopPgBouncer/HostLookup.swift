internal import DeptopBlocking
internal import DeptopConfiguration
internal import DeptopModel
internal import Glibc
internal import Synchronization

/// Looks a console's host name up within a deadline, which libpq's own look-up does not have.
///
/// A look-up that outlives its deadline is not repeated: the next call waits for the same one, so that a dead
/// name server costs one thread and nothing more.
final class HostLookup: Sendable {
  private let name: String?
  private let place: String
  /// nil when there is no name to look up.
  private let thread: BlockingThread?
  private let pending = Mutex<PendingLookup?>(nil)

  init(settings: PgBouncerSettings) {
    let needsLookup = !settings.host.hasPrefix("/") && IPAddress(settings.host) == nil
    name = needsLookup ? settings.host : nil
    thread = needsLookup ? BlockingThread() : nil
    place = settings.place
  }

  /// The addresses of the host; empty when it has none to look up.
  func addresses(_ deadline: ConsoleDeadline) throws(PgBouncerError) -> [IPAddress] {
    guard let name, let thread else { return [] }
    guard
      let lookup = pending.withLock({ pending in
        pending = pending ?? PendingLookup(of: name, on: thread)
        return pending
      })
    else { throw error(.unreachable, "no descriptor is left to look \"\(name)\" up") }
    guard let answer = lookup.wait(until: deadline) else {
      throw error(.timedOut, "no address of \"\(name)\" within \(deadline.limit.seconds) s")
    }
    pending.withLock { $0 = nil }
    switch answer {
    case .success(let addresses): return addresses
    case .failure(let failure):
      throw error(.unreachable, "the name \"\(name)\" has no address: \(failure.reason)")
    }
  }

  private func error(_ kind: PgBouncerError.Kind, _ sentence: String) -> PgBouncerError {
    PgBouncerError(kind: kind, place: place, command: nil, sentence: sentence)
  }
}

/// Why a name has no address, in the system's words.
private struct LookupFailure: Error {
  var reason: String
}

/// One look-up in progress on another thread, which can be waited for with a deadline.
private final class PendingLookup: Sendable {
  private let answer = Mutex<Result<[IPAddress], LookupFailure>?>(nil)
  /// One end of a pair of sockets: the other end is closed when the answer is there.
  private let done: Int32

  /// nil when the process has no descriptor left.
  init?(of name: String, on thread: BlockingThread) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
    done = ends[0]
    let signal = ends[1]
    thread.start {
      let result = addresses(of: name)
      self.answer.withLock { $0 = result }
      _ = Glibc.close(signal)
    }
  }

  deinit {
    _ = Glibc.close(done)
  }

  /// The answer; nil when the time is up first.
  func wait(until deadline: ConsoleDeadline) -> Result<[IPAddress], LookupFailure>? {
    guard deadline.waits(for: POLLIN, on: done) else { return nil }
    return answer.withLock { $0 }
  }
}

/// Asks the system, for as long as that takes.
private func addresses(of name: String) -> Result<[IPAddress], LookupFailure> {
  var hints = unsafe addrinfo()
  unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  var list: UnsafeMutablePointer<addrinfo>? = nil
  let status = unsafe getaddrinfo(name, nil, &hints, &list)
  guard status == 0 else {
    let reason = unsafe gai_strerror(status).map { unsafe String(cString: $0) } ?? "error \(status)"
    return .failure(LookupFailure(reason: reason))
  }
  defer { unsafe freeaddrinfo(list) }
  var found: [IPAddress] = []
  var next = unsafe list
  while let entry = unsafe next {
    if let address = unsafe IPAddress(entry.pointee), !found.contains(address) { found.append(address) }
    unsafe next = entry.pointee.ai_next
  }
  return .success(found)
}

extension IPAddress {
  /// The address of a look-up's entry; nil for a family that is neither IPv4 nor IPv6.
  fileprivate init?(_ entry: addrinfo) {
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = unsafe getnameinfo(
      entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    guard status == 0 else { return nil }
    self.init(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }
}
