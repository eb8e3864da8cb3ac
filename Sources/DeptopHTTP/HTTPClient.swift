internal import DeptopBlocking
internal import Synchronization

/// Sends HTTP requests one after the other, and keeps the connection between them.
///
/// It has a thread of its own: a peer that hangs costs that one, and no task thread. Requests wait for each other
/// in the order in which they are made, so that a client is for one peer.
package final class HTTPClient: Sendable {
  private let thread = BlockingThread()
  private let session = HTTPSession()

  /// Opens nothing yet.
  package init() {}

  /// Sends a request, and answers whatever comes back; a status of 400 and more is an answer too.
  ///
  /// The timeout begins with the call. A cancelled task's request ends at once.
  ///
  /// - Throws: ``HTTPError`` when there is no answer, or not all of it.
  package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    let deadline = ContinuousClock.now + request.timeout
    let (session, thread) = (session, thread)
    let number = session.announce()
    let result = await withTaskCancellationHandler {
      await thread.result { () throws(HTTPError) in
        try session.perform(number, request, until: deadline)
      }
    } onCancel: {
      session.cancel(number)
    }
    return try result.get()
  }
}

extension BlockingThread {
  fileprivate func result<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async -> Result<Value, Failure> {
    do throws(Failure) {
      return .success(try await run(work))
    } catch {
      return .failure(error)
    }
  }
}
