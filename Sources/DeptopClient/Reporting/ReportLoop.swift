internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials

/// Sends a report each interval, less often while nobody takes it.
struct ReportLoop {
  let engine: ReportingEngine

  func run() {
    var backOff = BackOff()
    while !engine.stop.isSet {
      let next = MonotonicClock.deadline(in: engine.configuration.interval)
      do throws(ReportingProblem) {
        try report()
        backOff.reset()
        if engine.dependencies.contains(where: { !$0.verbs.isEmpty }) { engine.followCommands() }
        let now = MonotonicClock.nanoseconds()
        engine.stop.wait(for: .nanoseconds(Int64(clamping: next - min(next, now))))
      } catch {
        engine.noteReport(isTaken: false)
        engine.note(error)
        engine.stop.wait(for: backOff.afterFailure())
      }
    }
  }

  private func report() throws(ReportingProblem) {
    let dependencies = engine.dependencies
    let gauges = GaugeRound.read(dependencies, timeout: engine.configuration.gaugeTimeout, stop: engine.stop)
    let reports = dependencies.map { $0.report(gauges: gauges[ObjectIdentifier($0)]) }
    let body = try encoded(
      AgentReport(client: engine.client, countingSince: engine.countingSince, dependencies: reports))
    let path = API.agents + "/" + PercentEncoding.encode(engine.identifier)
    let answer = try engine.collector.exchange(.put, path, body: body)
    guard answer.isSuccess else { throw answer.problem(doing: "the report to \(path)") }
    engine.noteReport(isTaken: true)
    if let refused = answer.refusedReports { engine.note(refused) }
  }

  private func encoded(_ report: AgentReport) throws(ReportingProblem) -> [UInt8] {
    do {
      return [UInt8](try WireCoding().encode(report))
    } catch {
      throw .malformed("cannot encode the report of \(engine.identifier): \(error)")
    }
  }
}

extension HTTPAnswer {
  /// What a receipt says about dependencies that were not taken; nil when all were, or nothing is said.
  var refusedReports: ReportingProblem? {
    // A receipt that cannot be read refuses nothing: the status said that the report was taken.
    guard let receipt = try? JSONDecoder().decode(Receipt.self, from: Data(body)), let first = receipt.refused?.first
    else { return nil }
    let text = "\(receipt.refused?.count ?? 0) of the dependencies were not taken, \(first.dependency): \(first.reason)"
    return ReportingProblem(.refused(status: status), String(text.prefix(512)))
  }
}

/// The part of ``DeptopWire/AgentReceipt`` that is read; numbers from outside are not made durations.
private struct Receipt: Decodable {
  var refused: [RefusedReport]?
}
