internal import DeptopModel

/// A reader of ended connections that is opened again when it fails.
struct ClosingIntake: Sendable {
  typealias Opening = @Sendable () throws(SocketDiagnosticsError) -> ClosingReader

  /// How long a failure is left alone.
  private static let pause = Duration.seconds(30)

  private let opening: Opening
  private var reader: ClosingReader?
  private var nextAt: ContinuousClock.Instant?
  /// Why ended connections are not heard of now.
  private(set) var problem: String?

  init(opening: @escaping Opening) {
    self.opening = opening
  }

  mutating func openIfDue(at now: ContinuousClock.Instant) {
    guard reader == nil, nextAt.map({ $0 <= now }) ?? true else { return }
    do throws(SocketDiagnosticsError) {
      reader = try opening()
      problem = nil
    } catch {
      fail(error, at: now)
    }
  }

  mutating func drain(at time: WallTime) -> ClosingBatch {
    guard var open = reader else { return ClosingBatch() }
    // Let go of first, so that its buffer is not copied.
    reader = nil
    do throws(SocketDiagnosticsError) {
      let batch = try open.drain(at: time)
      reader = open
      return batch
    } catch {
      fail(error, at: .now)
      var lost = ClosingBatch()
      lost.isComplete = false
      return lost
    }
  }

  private mutating func fail(_ error: SocketDiagnosticsError, at now: ContinuousClock.Instant) {
    problem = error.description
    nextAt = now + Self.pause
  }
}
