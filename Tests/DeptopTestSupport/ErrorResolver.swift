internal import DeptopBlocking
internal import DeptopKernel
package import DeptopModel
internal import Glibc

/// A UDP socket on loopback that answers every DNS question with the same error, which no real server does on demand.
package final class ErrorResolver: Sendable {
  package let address: SocketAddress
  private let descriptor: Int32
  private let thread = BlockingThread()

  /// - Parameters:
  ///   - code: The response code, 0…15.
  ///   - onlyWithEDNS: Whether questions without EDNS are answered without error, with no record.
  /// - Throws: ``TestFailure``
  package init(code: UInt8, onlyWithEDNS: Bool) throws {
    let any = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 0)
    let descriptor = socket(any.family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard unsafe any.withSystemAddress({ unsafe bind(descriptor, $0, $1) }) == 0,
      let port = localPort(of: descriptor)
    else { throw TestFailure("cannot bind: \(SystemError.last)") }
    self.descriptor = descriptor
    address = SocketAddress(any.address, port: port)
    let thread = thread
    // Ends when the socket is shut down.
    Task { await thread.run { answerQuestions(on: descriptor, code: code, onlyWithEDNS: onlyWithEDNS) } }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
}

private func answerQuestions(on descriptor: Int32, code: UInt8, onlyWithEDNS: Bool) {
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 1024)
  while true {
    var peer = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let size = length
    let answered = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { system in
        let count = unsafe recvfrom(descriptor, &bytes, bytes.count, 0, system, &length)
        // A shut down socket receives nothing, from nobody.
        guard count >= 12, length == size else { return false }
        let answer = errorAnswer(to: bytes[..<count], code: code, onlyWithEDNS: onlyWithEDNS)
        return unsafe sendto(descriptor, answer, answer.count, 0, system, length) > 0
      }
    }
    if !answered { return }
  }
}

/// The question itself, marked as an answer, without the EDNS record that may follow it.
private func errorAnswer(to question: ArraySlice<UInt8>, code: UInt8, onlyWithEDNS: Bool) -> [UInt8] {
  let hasEDNS = question[11] > 0
  let isError = hasEDNS || !onlyWithEDNS
  var answer = Array(question.dropLast(hasEDNS ? 11 : 0))
  answer[2] |= 0x80
  answer[3] = 0x80 | (isError ? code : 0)
  answer[11] = 0
  return answer
}
