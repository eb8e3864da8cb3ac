internal import CClient
internal import Glibc

/// A detached thread of the library's own: small, named, and deaf to signals, which are the application's.
enum ClientThread {
  /// What foreign code on these threads may need as well; pages are only used when touched.
  private static let stackBytes = 512 << 10

  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - name: Shown by `ps -L`, at most 15 bytes.
  ///   - body: What it does until it ends.
  /// - Returns: False when the host has no thread left.
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let box = unsafe Unmanaged.passRetained(ThreadBody(name: name, run: body))
    var (all, before) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    // The new thread inherits the mask.
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    var thread = pthread_t()
    let status = unsafe pthread_create(&thread, &attributes, enter, box.toOpaque())
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    if status != 0 { unsafe box.release() }
    return status == 0
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument = unsafe argument else { return nil }
    let body = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    unsafe cclient_name_thread(body.name)
    body.run()
    return nil
  }
}

private final class ThreadBody: Sendable {
  let name: String
  let run: @Sendable () -> Void

  init(name: String, run: @escaping @Sendable () -> Void) {
    self.name = name
    self.run = run
  }
}
