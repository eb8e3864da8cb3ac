internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// An address, and where it is connected to from.
struct ConnectTarget {
  var address: SocketAddress
  var sockets: any SocketOpening
}

/// One call's connections, on the thread that calls it.
struct ConnectRun: ~Copyable {
  /// Connections under way at the same time; a small part of the descriptors that a process may have.
  private static let connectionsAtOnce = 256
  /// Connections started before the others are looked at again, so that starting many does not add to their times.
  private static let startsAtOnce = 4

  /// A connection that is neither established nor refused yet.
  private struct Pending {
    var descriptor: Int32
    var index: Int
    var startedAt: MonotonicTime
  }

  private let targets: [ConnectTarget]
  private let attempts: Int
  private let timeout: Duration
  /// Why sockets could not be had.
  private(set) var refusals: Set<String> = []
  private var results: [[ConnectAttempt]]
  /// Indices of the addresses that are connected to next, last first.
  private var waiting: [Int]
  private var pending: [Pending] = []

  init(targets: [ConnectTarget], attempts: Int, timeout: Duration) {
    self.targets = targets
    self.attempts = attempts
    self.timeout = timeout
    results = Array(repeating: [], count: targets.count)
    waiting = attempts > 0 ? targets.indices.reversed() : []
  }

  deinit {
    for connection in pending { close(connection.descriptor) }
  }

  /// Blocks until every attempt has ended or the interrupt is raised.
  mutating func results(interrupt: Interrupt) -> [[ConnectAttempt]] {
    while !waiting.isEmpty || !pending.isEmpty {
      startSome()
      if pending.isEmpty { continue }
      var entries = pending.map { pollfd(fd: $0.descriptor, events: Int16(POLLOUT), revents: 0) }
      entries.append(pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0))
      wait(&entries)
      let now = MonotonicTime.now()
      if let last = entries.last, last.revents != 0 { break }
      settle(entries, at: now)
    }
    return results
  }

  private var mayStart: Bool { !waiting.isEmpty && pending.count < ConnectRun.connectionsAtOnce }

  private mutating func startSome() {
    for _ in 0..<ConnectRun.startsAtOnce where mayStart {
      if let index = waiting.popLast() { start(index) }
    }
  }

  private mutating func start(_ index: Int) {
    let address = targets[index].address
    let descriptor: Int32
    do throws(SocketRefusal) {
      descriptor = try targets[index].sockets.open(.tcp, isV4: address.address.isV4)
    } catch {
      refusals.insert(error.reason)
      end(index, duration: nil, failure: error.reason)
      return
    }
    let startedAt = MonotonicTime.now()
    let status = unsafe address.withSystemAddress { unsafe connect(descriptor, $0, $1) }
    if status == 0 || errno == EINPROGRESS {
      // An established connection is writable: it is settled like the others.
      pending.append(Pending(descriptor: descriptor, index: index, startedAt: startedAt))
    } else {
      let error = SystemError.last
      close(descriptor)
      end(index, duration: nil, failure: error.description)
    }
  }

  private func wait(_ entries: inout [pollfd]) {
    var milliseconds: Int32 = 0
    if !mayStart, let first = pending.map(\.startedAt).min() {
      let remaining = (first + timeout) - MonotonicTime.now()
      milliseconds = Int32(max(0, min(remaining.seconds * 1000, 60_000)).rounded(.up))
    }
    // A signal or a lack of memory only means that nothing is seen as ready in this round.
    if unsafe poll(&entries, nfds_t(entries.count), milliseconds) < 0 {
      for index in entries.indices { entries[index].revents = 0 }
    }
  }

  /// Ends what is ready or has taken too long; the entries are in the order of `pending`.
  private mutating func settle(_ entries: [pollfd], at now: MonotonicTime) {
    let looked = pending
    pending = []
    for (connection, entry) in zip(looked, entries) {
      let elapsed = now - connection.startedAt
      if entry.revents != 0 {
        let error = errorAndClose(connection.descriptor)
        end(connection.index, duration: error == nil ? elapsed : nil, failure: error?.description)
      } else if elapsed >= timeout {
        close(connection.descriptor)
        end(connection.index, duration: nil, failure: timeout.timedOutText)
      } else {
        pending.append(connection)
      }
    }
  }

  private mutating func end(_ index: Int, duration: Duration?, failure: String?) {
    results[index].append(ConnectAttempt(address: targets[index].address, duration: duration, failure: failure))
    if results[index].count < attempts { waiting.insert(index, at: 0) }
  }

  /// Takes the socket's error and closes it in the ordinary way, which the peer sees as an end and not as a reset.
  private func errorAndClose(_ descriptor: Int32) -> SystemError? {
    defer { close(descriptor) }
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    if unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length) != 0 { return .last }
    if number != 0 { return SystemError(number: number) }
    return nil
  }
}
