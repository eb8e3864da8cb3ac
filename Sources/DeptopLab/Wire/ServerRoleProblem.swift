internal import Glibc

/// Why a server of the lab cannot start or go on, in one line.
package struct ServerRoleProblem: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ text: String) {
    description = text
  }

  init(_ text: String, code: Int32) {
    description = unsafe "\(text): \(String(cString: strerror(code)))"
  }

  /// Does something, and gives its error this type.
  static func of<Value, Failure: Error>(_ work: () throws(Failure) -> Value) throws(ServerRoleProblem) -> Value {
    do throws(Failure) {
      return try work()
    } catch {
      throw ServerRoleProblem("\(error)")
    }
  }
}
