internal import DeptopControl
internal import DeptopModel

extension ActionRun.Course {
  /// Begins to watch, if the plan has bounds.
  mutating func begin(_ plan: Plan, _ readings: AbortReadings, at now: Time.Instant) {
    watch = plan.bounds.map { AbortWatch($0, before: readings) }
    watchedSince = now
  }

  /// Takes how far a step got; the next one begins.
  mutating func step(_ progress: StepProgress) {
    self.progress = progress
    watch?.beginStep()
  }

  func isProbeDue(at now: Time.Instant) -> Bool {
    probedAt.map { $0.duration(to: now) >= ActionPace.probeInterval } ?? true
  }

  /// ` after 4 of 16`; nothing before the first step.
  var extent: String {
    progress.map { " after \($0.extent)" + ($0.begun > 0 ? " and \($0.begun) more begun" : "") } ?? ""
  }
}
