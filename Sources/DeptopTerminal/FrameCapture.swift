import CCurses
import Glibc

/// The file in memory that ncurses draws into.
struct FrameCapture: ~Copyable {
  private let file: Descriptor

  init() throws(TerminalError) {
    file = try Descriptor(ccurses_memory_file(), for: "create a file in memory")
  }

  var descriptor: CInt { file.number }

  /// Takes what was drawn since the last time.
  func take() -> [UInt8] {
    let length = lseek(file.number, 0, SEEK_CUR)
    guard length > 0 else { return [] }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      count = unsafe max(0, pread(file.number, buffer.baseAddress, length, 0))
    }
    lseek(file.number, 0, SEEK_SET)
    return bytes
  }
}
