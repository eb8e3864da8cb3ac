internal import DeptopWire
internal import Glibc

/// Tells whoever started the lab what happens, on the standard output.
struct LabVoice: Sendable {
  /// Whoever does not read any longer needs not be told.
  func tell(_ event: LabEvent) throws {
    let bytes = Array(try WireCoding().encodeLine(event))
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }
}
