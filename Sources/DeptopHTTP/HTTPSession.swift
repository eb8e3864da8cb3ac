internal import CCurl
internal import Synchronization

/// libcurl's side of a client: one request at a time, over a connection that is kept.
@safe final class HTTPSession: @unchecked Sendable {
  // Sendable because the pointer never changes, one thread alone makes requests with it, and cancelling, which the
  // shim allows from any thread, happens under the mutex.
  private let http: OpaquePointer?
  private let state = Mutex(State())

  private struct State {
    var running: UInt64?
    var waiting: Set<UInt64> = []
    var number: UInt64 = 0
  }

  init() {
    unsafe http = deptop_http_create()
  }

  deinit {
    if let http = unsafe http { unsafe deptop_http_destroy(http) }
  }

  /// Announces a request and answers its number.
  func announce() -> UInt64 {
    state.withLock { state in
      state.number += 1
      state.waiting.insert(state.number)
      return state.number
    }
  }

  /// Ends the request of this number, whether it waits or is under way; one that has ended is left alone.
  func cancel(_ number: UInt64) {
    state.withLock { state in
      state.waiting.remove(number)
      if state.running == number, let http = unsafe http { unsafe deptop_http_cancel(http) }
    }
  }

  /// Carries an announced request out; blocks.
  func perform(
    _ number: UInt64, _ request: HTTPRequest, until deadline: ContinuousClock.Instant
  ) throws(HTTPError) -> HTTPResponse {
    guard let http = unsafe http else {
      throw HTTPError(request, .unreachable, "libcurl cannot be set up")
    }
    let begins = state.withLock { state in
      guard state.waiting.remove(number) != nil else { return false }
      state.running = number
      unsafe deptop_http_forget_cancellation(http)
      return true
    }
    guard begins else { throw HTTPError(request, .cancelled, "cancelled before it was sent") }
    defer { state.withLock { $0.running = nil } }
    let left = deadline - .now
    guard left > .zero else {
      throw HTTPError(request, .timeout, "not sent within \(request.timeoutText): an earlier request took that long")
    }
    try unsafe request.prepare(http)
    var result = unsafe deptop_http_result()
    unsafe deptop_http_perform(http, left.wholeMilliseconds, max(request.bodyLimit, 0), &result)
    return try unsafe HTTPResponse(result, to: request)
  }
}
