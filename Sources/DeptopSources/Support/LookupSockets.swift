package import DeptopKernel
package import DeptopModel
internal import Synchronization

/// Opens the sockets of other network namespaces for one conversation.
///
/// Whoever opens them may be slow or gone: it is not waited for again after it failed once, nor past the deadline.
package final class LookupSockets: Sendable {
  private let access: any HostAccess
  private let deadline: MonotonicTime
  private let timedOut: String
  /// Why nobody opens sockets any more.
  private let failure = Mutex<String?>(nil)

  /// - Parameters:
  ///   - access: Who opens them.
  ///   - deadline: After this moment nothing is opened.
  ///   - timedOut: What is said then.
  package init(access: any HostAccess, deadline: MonotonicTime, timedOut: String) {
    self.access = access
    self.deadline = deadline
    self.timedOut = timedOut
  }

  /// Opens one, or says why there is none, never with an empty reason; blocks for at most a few seconds.
  package func open(_ kind: NamespaceSocket, in namespace: NamespaceID) -> Result<Int32, Refusal> {
    if let reason = failure.withLock({ $0 }) { return .failure(Refusal(reason: reason)) }
    guard MonotonicTime.now() < deadline else { return .failure(Refusal(reason: timedOut)) }
    do throws(HostAccessError) {
      return .success(try access.openSocket(kind, in: namespace))
    } catch {
      let reason = error.description.isEmpty ? "no socket in \(namespace)" : error.description
      switch error {
      case .absent, .broken: failure.withLock { $0 = reason }
      case .refused: break
      }
      return .failure(Refusal(reason: reason))
    }
  }

  /// Why there is no socket.
  package struct Refusal: Error, Hashable {
    package var reason: String
  }
}
