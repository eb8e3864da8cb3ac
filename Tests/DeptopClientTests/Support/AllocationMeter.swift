internal import CAllocation

/// What the C library's allocator gives out.
enum AllocationMeter {
  /// By how many bytes more is in use after a body than before, blocks that were freed again included.
  ///
  /// The median of three runs, each on a new thread: a thread of an earlier test may free something meanwhile.
  static func growth(_ body: @escaping () -> Void) -> Int64 {
    let box = unsafe Unmanaged.passRetained(Body(run: body))
    defer { unsafe box.release() }
    let runs = (0..<3).map { _ in
      unsafe callocation_growth(
        { context in unsafe Body.at(context)?.runs += 1 }, { context in unsafe Body.at(context)?.run() },
        box.toOpaque())
    }
    return runs.sorted()[1]
  }

  private final class Body {
    /// Counting in a class makes the runtime set up what it keeps for each thread.
    var runs = 0
    let run: () -> Void

    init(run: @escaping () -> Void) { self.run = run }

    static func at(_ context: UnsafeMutableRawPointer?) -> Body? {
      guard let context = unsafe context else { return nil }
      return unsafe Unmanaged<Body>.fromOpaque(context).takeUnretainedValue()
    }
  }
}
