internal import DeptopWire

/// Tells the collector how far a command is.
struct CommandPost: Sendable {
  /// How often an end is sent before it is given up; progress is sent once.
  private static let tries = 5

  let engine: ReportingEngine
  let number: UInt64

  /// Sends how a command ended, again when it did not arrive.
  func send(end: AgentResult) {
    var backOff = BackOff()
    for _ in 0..<CommandPost.tries where !engine.stop.isSet {
      if send(end) { return }
      engine.stop.wait(for: backOff.afterFailure())
    }
  }

  /// Asks whether the collector that gave the command is still there: another one knows no such command.
  func isAwaited(_ progress: AgentResult) -> Bool {
    do throws(ReportingProblem) {
      return try exchange(progress).isSuccess
    } catch {
      engine.note(error)
      return false
    }
  }

  /// Sends once.
  ///
  /// - Returns: True when sending it again is of no use: it arrived, or the collector does not want it.
  @discardableResult
  func send(_ result: AgentResult) -> Bool {
    do throws(ReportingProblem) {
      let answer = try exchange(result)
      if !answer.isSuccess { engine.note(answer.problem(doing: "the result of \(target)")) }
      return answer.isSuccess || 400...499 ~= answer.status && answer.status != 429
    } catch {
      engine.note(error)
      return false
    }
  }

  private var target: String { "\(API.agents)/\(PercentEncoding.encode(engine.identifier))/commands/\(number)" }

  private func exchange(_ result: AgentResult) throws(ReportingProblem) -> HTTPAnswer {
    try engine.collector.exchange(.post, target, body: try encoded(result))
  }

  private func encoded(_ result: AgentResult) throws(ReportingProblem) -> [UInt8] {
    do {
      return [UInt8](try WireCoding().encode(result))
    } catch {
      throw .malformed("cannot encode the result of command \(number): \(error)")
    }
  }
}
