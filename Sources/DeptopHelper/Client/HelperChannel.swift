internal import CLinux
internal import DeptopKernel
internal import Glibc

/// The collector's end of a helper's socket: one request, one answer.
///
/// Closes with its last reference.
final class HelperChannel {
  /// How long a request waits for its answer.
  static let timeoutSeconds = 5

  private let descriptor: Int32
  private let process: HelperProcess?
  private var number: UInt32 = 0
  private var buffer = [UInt8](repeating: 0, count: Frame.longest)

  /// The helper's process; nil when it was not started here.
  var pid: Int32? { process?.pid }

  /// Takes over a connected socket.
  init(descriptor: Int32, process: HelperProcess?) {
    self.descriptor = descriptor
    self.process = process
    var timeout = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
    let length = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, length)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, length)
  }

  deinit {
    close(descriptor)
  }

  /// Starts the program and greets it.
  static func start(_ path: String) throws(HostAccessError) -> HelperChannel {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw .absent("no socket for deptop-helper: \(SystemError.last)")
    }
    let process: HelperProcess
    do throws(HostAccessError) {
      defer { close(ends[1]) }
      process = try HelperProcess.start(path, input: ends[1])
    } catch {
      close(ends[0])
      throw error
    }
    let channel = HelperChannel(descriptor: ends[0], process: process)
    try channel.greet()
    return channel
  }

  /// - Throws: `broken` for a helper of another version.
  func greet() throws(HostAccessError) {
    do throws(HostAccessError) {
      guard case (.done, nil) = try ask(.hello(version: Frame.version)) else {
        throw HostAccessError.broken("deptop-helper does not answer the greeting")
      }
    } catch .refused(let reason) {
      throw .broken(reason)
    }
  }

  /// Sends a request and waits for its answer, and a descriptor that comes with it, which is the caller's to close.
  ///
  /// - Throws: `refused` when the helper refuses; after anything else the channel is of no more use.
  func ask(_ request: HelperRequest) throws(HostAccessError) -> (HelperAnswer, passed: Int32?) {
    number &+= 1
    let frame = request.frame(number: number)
    let status = unsafe clinux_message_send(descriptor, frame, frame.count, -1)
    guard status == 0 else { throw failure(-status) }
    var passed: Int32 = -1
    let length = unsafe clinux_message_receive(descriptor, &buffer, buffer.count, &passed)
    guard length > 0 else { throw length == 0 ? .absent("deptop-helper has ended") : failure(Int32(clamping: -length)) }
    do throws(HostAccessError) {
      let answer = try understand(Array(buffer[..<Int(length)]))
      guard answer == .done || passed < 0 else { throw HostAccessError.broken("deptop-helper sent a socket unasked") }
      return (answer, passed < 0 ? nil : passed)
    } catch {
      if passed >= 0 { close(passed) }
      throw error
    }
  }

  private func understand(_ frame: [UInt8]) throws(HostAccessError) -> HelperAnswer {
    let (answered, answer): (UInt32, HelperAnswer)
    do {
      (answered, answer) = try HelperAnswer.read(frame)
    } catch {
      throw .broken("deptop-helper's answer is not understood: \(error)")
    }
    switch answer {
    case .malformed(let reason): throw .broken("deptop-helper does not understand: \(reason)")
    case _ where answered != number: throw .broken("deptop-helper answers request \(answered), not \(number)")
    case .refused(let reason): throw .refused(reason)
    default: return answer
    }
  }

  private func failure(_ code: Int32) -> HostAccessError {
    switch code {
    case EPIPE, ECONNRESET: return .absent("deptop-helper has ended")
    case EAGAIN:
      process?.kill()
      return .broken("deptop-helper did not answer within \(Self.timeoutSeconds) s")
    default: return .broken("deptop-helper's socket fails: \(SystemError(number: code))")
    }
  }
}
