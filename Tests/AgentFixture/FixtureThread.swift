internal import Glibc

/// A thread that can be waited for.
final class FixtureThread {
  private var thread = pthread_t()
  private let isStarted: Bool

  init(_ body: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(Body(run: body))
    isStarted = unsafe pthread_create(&thread, nil, FixtureThread.enter, box.toOpaque()) == 0
    if !isStarted { unsafe box.release() }
  }

  func join() {
    if isStarted { pthread_join(thread, nil) }
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument = unsafe argument else { return nil }
    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
    return nil
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
