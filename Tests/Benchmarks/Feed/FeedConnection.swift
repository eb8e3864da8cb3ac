internal import DeptopModel
internal import Glibc

/// One dashboard at the feeding collector.
struct FeedConnection: ~Copyable {
  let descriptor: CInt
  /// What the dashboard was sent last; nil before it asked for the stream.
  var shown: Snapshot?
  private(set) var isClosed = false
  private var request: [UInt8] = []
  private var pending: ArraySlice<UInt8> = []

  init(descriptor: CInt) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Whether everything was taken, so that the next line may be sent.
  var isDrained: Bool { pending.isEmpty }

  /// Reads what there is, and answers the path of a request that became complete.
  mutating func readRequest() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
    if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { isClosed = true }
    guard count > 0 else { return nil }
    request += buffer.prefix(count)
    let text = String(decoding: request, as: UTF8.self)
    guard text.contains("\r\n\r\n") else { return nil }
    request = []
    return text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
  }

  mutating func send(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    flush()
  }

  /// Sends one part of an answer whose length is not told in advance.
  mutating func send(chunk bytes: some Collection<UInt8>) {
    pending += Array("\(String(bytes.count, radix: 16))\r\n".utf8)
    pending += bytes
    pending += Array("\r\n".utf8)
    flush()
  }

  /// Writes what the socket takes without waiting.
  mutating func flush() {
    while !pending.isEmpty {
      let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
      let count = unsafe pending.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { isClosed = true }
        return
      }
      pending = pending.dropFirst(count)
    }
    pending = []
  }
}
