internal import DeptopModel
internal import DeptopSources
internal import Logging

/// Polls one source for as long as it runs: schedule, timeout, back-off and measurement.
///
/// A poll that outlives its timeout is cancelled and the source marked hung; it is not polled again before the
/// hung call has ended. Other sources have runners of their own and do not wait.
struct SourceRunner: Sendable {
  let source: any Source
  let recorder: SourceRecorder
  let clock: any Clock<Duration>
  let logger: Logger
  /// Who wants the next poll sooner.
  var demand = PollDemand()

  /// The shortest time from one poll to the next that is asked for: also so many times what the last one took, so that
  /// the polls themselves take a fifth of a processor at most.
  static let shortestPause = Duration.milliseconds(50)
  static let pauseFactor = 4

  /// Runs until the task is cancelled.
  func run() async {
    var status = SourceStatus(id: source.id, interval: source.schedule.interval)
    recorder.record(status, covering: source.dependencies)
    while !Task.isCancelled {
      let pause = await pollOnce(&status)
      do {
        let shortest = max(Self.shortestPause, (status.lastDuration ?? .zero) * Self.pauseFactor)
        try await rest(pause, atLeast: status.error == nil ? min(pause, shortest) : pause)
      } catch {
        return  // Cancelled: the only way a clock's sleep ends early.
      }
    }
  }

  /// Waits for the next poll, or for somebody who wants it sooner.
  private func rest(_ pause: Duration, atLeast shortest: Duration) async throws {
    let end = ContinuousClock.now + shortest
    let isAsked = await withTaskGroup { group in
      group.addTask {
        // Cancelled as soon as the poll is asked for.
        try? await clock.sleep(for: pause)
        return false
      }
      group.addTask {
        await demand.wait()
        return true
      }
      let isAsked = await group.next() ?? false
      group.cancelAll()
      return isAsked
    }
    try Task.checkCancellation()
    let rest = ContinuousClock.now.duration(to: end)
    if isAsked, rest > .zero { try await clock.sleep(for: rest) }
  }

  /// Polls once and answers how long to wait before the next time.
  func pollOnce(_ status: inout SourceStatus) async -> Duration {
    let started = ContinuousClock.now
    status.firstAttemptAt = status.firstAttemptAt ?? .now()
    let result = await pollWithTimeout(status)
    if Task.isCancelled { return .zero }
    status.lastDuration = started.duration(to: .now)
    let pause = conclude(result, &status)
    recorder.record(status, covering: source.dependencies)
    return max(.zero, pause - (status.error == nil ? status.lastDuration ?? .zero : .zero))
  }

  private func pollWithTimeout(_ status: SourceStatus) async -> Result<[Observation], SourceError> {
    await withTaskGroup(of: Result<[Observation], SourceError>?.self) { group in
      group.addTask {
        do throws(SourceError) {
          return .success(try await source.poll())
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        // Cancelled as soon as the poll has ended.
        try? await clock.sleep(for: source.schedule.timeout)
        return nil
      }
      if let first = await group.next(), let result = first {
        group.cancelAll()
        return result
      }
      if !Task.isCancelled { reportHung(status) }
      group.cancelAll()
      _ = await group.next()
      return .failure(.transient("no answer within \(source.schedule.timeout.seconds) s"))
    }
  }

  private func reportHung(_ status: SourceStatus) {
    var hung = status
    hung.state = .hung
    hung.error = "no answer within \(source.schedule.timeout.seconds) s"
    recorder.record(hung, covering: source.dependencies)
  }

  private func conclude(_ result: Result<[Observation], SourceError>, _ status: inout SourceStatus) -> Duration {
    switch result {
    case .success(let observations):
      recorder.record(observations, from: source.id)
      succeed(&status, as: .ok)
    case .failure(.noData):
      succeed(&status, as: .noData)
    case .failure(let error):
      return fail(&status, error)
    }
    return source.schedule.interval
  }

  private func succeed(_ status: inout SourceStatus, as state: SourceStatus.State) {
    if status.consecutiveFailures > 0 { logger.info("source answers again", metadata: ["source": "\(source.id)"]) }
    status.state = state
    status.lastSuccessAt = .now()
    status.error = nil
    status.nextAttemptAt = nil
    status.consecutiveFailures = 0
  }

  private func fail(_ status: inout SourceStatus, _ error: SourceError) -> Duration {
    if status.consecutiveFailures == 0 || status.error != error.description {
      logger.warning("source fails", metadata: ["source": "\(source.id)", "error": "\(error)"])
    }
    status.consecutiveFailures += 1
    status.error = error.description
    let pause: Duration
    if case .permanent = error {
      status.state = .broken
      pause = Backoff.permanent
    } else {
      status.state = .failing
      pause = Backoff.pause(
        after: status.consecutiveFailures, interval: source.schedule.interval, jitter: .random(in: 0...1))
    }
    status.nextAttemptAt = .now() + pause
    return pause
  }
}
