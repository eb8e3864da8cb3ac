internal import CPostgres
internal import DeptopBenchmarkFigures
internal import DeptopBlocking
internal import DeptopLab
internal import DeptopModel
internal import Glibc
internal import Synchronization

/// A steady load of writing statements, from clients that connect again as soon as their connection is lost.
///
/// It ends with this value.
final class PoolLoad: Sendable {
  private let record: Record
  private let threads: [BlockingThread]

  /// Starts clients, of which each sends a number of requests a second.
  init(at address: SocketAddress, database: String, clients: Int, rate: Int) {
    let text = "host=\(address.address) port=\(address.port) dbname=\(database) user=app connect_timeout=2"
    let record = Record()
    (self.record, threads) = (record, (0..<clients).map { _ in BlockingThread() })
    for (index, thread) in threads.enumerated() {
      thread.start { [thread] in
        withExtendedLifetime(thread) {
          var client = PoolClient(text)
          let gap = 1_000_000 / Int64(rate)
          var next = LabClock.now + gap * Int64(index) / Int64(clients)
          while !record.hasEnded {
            usleep(UInt32(max(0, next - LabClock.now)))
            record.add(client.request())
            next += gap
          }
        }
      }
    }
  }

  deinit {
    record.end()
  }

  /// Requests that have ended so far.
  var requests: [PoolRequest] { record.requests }
}

private final class Record: Sendable {
  private let ended = Mutex<[PoolRequest]>([])
  private let isOver = Atomic<Bool>(false)

  func add(_ request: PoolRequest) { ended.withLock { $0.append(request) } }
  var requests: [PoolRequest] { ended.withLock { $0 } }
  func end() { isOver.store(true, ordering: .releasing) }
  var hasEnded: Bool { isOver.load(ordering: .acquiring) }
}

/// One client of the pooler.
@safe private struct PoolClient: ~Copyable {
  private let text: String
  private var connection: OpaquePointer?

  init(_ text: String) {
    self.text = text
  }

  deinit {
    unsafe PQfinish(connection)
  }

  /// Sends one statement that only a server that may be written to carries out.
  mutating func request() -> PoolRequest {
    let began = LabClock.now
    let end = send()
    return PoolRequest(began: began, ended: LabClock.now, end: end)
  }

  private mutating func send() -> PoolRequest.End {
    if unsafe connection == nil { unsafe connection = PQconnectdb(text) }
    guard unsafe PQstatus(connection) == CONNECTION_OK else {
      disconnect()
      return .notConnected
    }
    let result = unsafe PQexec(connection, "SELECT nextval('ids')")
    defer { unsafe PQclear(result) }
    if unsafe PQresultStatus(result) == PGRES_TUPLES_OK { return .success }
    if unsafe PQstatus(connection) == CONNECTION_OK { return .refused }
    disconnect()
    return .cut
  }

  private mutating func disconnect() {
    unsafe PQfinish(connection)
    unsafe connection = nil
  }
}
