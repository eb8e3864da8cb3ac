import Glibc

/// Bytes on their way to the terminal; holds one frame at most, because a new one is drawn only when it is empty.
struct OutputQueue {
  private var bytes: [UInt8] = []
  private var sent = 0
  /// Whether the terminal is gone.
  private(set) var isClosed = false

  var count: Int { bytes.count - sent }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ more: some Sequence<UInt8>) {
    if !isClosed { bytes.append(contentsOf: more) }
  }

  /// Writes what the terminal takes without waiting.
  mutating func flush(to terminal: CInt) {
    while sent < bytes.count {
      let written = unsafe bytes.withUnsafeBytes {
        unsafe write(terminal, $0.baseAddress.map { unsafe $0 + sent }, count)
      }
      if written > 0 {
        sent += written
      } else if written == 0 || errno == EAGAIN {
        return
      } else if errno != EINTR {
        isClosed = true
        break
      }
    }
    bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 16)
    sent = 0
  }
}
