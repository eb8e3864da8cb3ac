internal import Synchronization

/// The names of one dependency's kinds of errors, of which there are few.
final class ErrorNames: Sendable {
  /// Kinds that are told apart; OpenTelemetry asks for a low cardinality of `error.type`.
  static let limit = 32
  /// The longest name, bytes of UTF-8.
  static let longest = 64
  /// Where the kinds beyond the limit are counted (OpenTelemetry, `error.type`).
  static let other = "_OTHER"

  private let names = Mutex<[String]>([])

  /// The kind with a name; the common one when there are ``limit`` others, or the name is empty or too long.
  func type(named name: String) -> ErrorType {
    names.withLock { names in
      if let known = names.firstIndex(of: name) { return ErrorType(index: UInt8(known)) }
      guard names.count < ErrorNames.limit, !name.isEmpty, name.utf8.count <= ErrorNames.longest,
        name != ErrorNames.other
      else { return ErrorType(index: UInt8(ErrorNames.limit)) }
      names.append(name)
      return ErrorType(index: UInt8(names.count - 1))
    }
  }

  /// The counts that are not zero, by name.
  func named(_ counts: [UInt64]) -> [String: UInt64] {
    let known = names.withLock { $0 }
    var result: [String: UInt64] = [:]
    for (index, count) in counts.enumerated() where count > 0 {
      result[index < known.count ? known[index] : ErrorNames.other, default: 0] += count
    }
    return result
  }
}
