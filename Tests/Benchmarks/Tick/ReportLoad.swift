internal import DeptopConnection
internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials
internal import Synchronization

/// Agents that report many dependencies each, one after the other within the interval.
final class ReportLoad: Sendable {
  private struct State {
    var durations: [Duration] = []
    var failures = 0
  }

  private let dependencies: Int
  private let clients: Int
  private let interval: Duration
  private let changing: Double
  private let socket: String
  private let state = Mutex(State())

  init(dependencies: Int, clients: Int, interval: Duration, changing: Double, socket: String) {
    self.dependencies = dependencies
    self.clients = clients
    self.interval = interval
    self.changing = changing
    self.socket = socket
  }

  /// How long each report took, from its first byte to its answer, and how many failed.
  var outcome: (durations: [Duration], failures: Int) { state.withLock { ($0.durations, $0.failures) } }

  /// Reports until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for client in 0..<clients { group.addTask { [self] in await report(as: client) } }
    }
  }

  private func report(as client: Int) async {
    let clock = ContinuousClock()
    let start = clock.now + interval * Double(client) / Double(clients)
    var round = 0
    while !Task.isCancelled {
      do {
        try await clock.sleep(until: start + interval * round)
      } catch {
        return  // Cancelled: the load ends.
      }
      let body = Data(text(round: round, client: client).utf8)
      let began = clock.now
      do throws(CollectorError) {
        _ = try await CollectorConnection(socketPath: socket).put(
          "\(API.agents)/bench-\(client)", json: body, as: AgentReceipt.self)
        state.withLock { $0.durations.append(began.duration(to: clock.now)) }
      } catch {
        if !Task.isCancelled { state.withLock { $0.failures += 1 } }
      }
      round += 1
    }
  }

  /// A report as text: to encode it would measure the load rather than the collector.
  private func text(round: Int, client: Int) -> String {
    var text = "{\"client\":\"app-\(client)\",\"dependencies\":["
    for number in 0..<dependencies {
      if number > 0 { text += "," }
      text += dependency(number, round: Double(number) < changing * Double(dependencies) ? round + 1 : 1)
    }
    return text + "]}"
  }

  private func dependency(_ number: Int, round: Int) -> String {
    // A healthy service: one call in a hundred is sent twice, two in a thousand time out.
    let count = round * (4 + number % 5)
    let low = -230 + number % 40
    return """
      {"name":"service-\(number)","kind":"http","host":"10.\(number >> 16).\((number >> 8) & 255).\(number & 255)",\
      "port":8080,"pool":{"active":\((number + round) % 8),"idle":\(8 - (number + round) % 8),"max":16,"pending":0},\
      "totals":{"requests":\(count * 500),"attempts":\(count * 505),"fates":{"success":\(count * 499),"timeout":\(count)},\
      "timeouts":{"read":\(count)}},"responseTime":{"exponential":{"buckets":[[\(low),\(count * 250)],\
      [\(low + 20),\(count * 150)],[\(low + 40),\(count * 90)],[\(low + 90),\(count * 10)]]}},"breaker":{"state":"closed"}}
      """
  }
}
