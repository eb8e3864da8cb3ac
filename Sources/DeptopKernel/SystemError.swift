internal import Glibc

/// An `errno`, in the system's words.
package struct SystemError: Error, Hashable, CustomStringConvertible {
  package let number: Int32

  package init(number: Int32) {
    self.number = number
  }

  /// What the last failed call of this thread left behind.
  package static var last: SystemError { SystemError(number: errno) }

  package var description: String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text).lowercased()
  }
}
