internal import CInflate

/// Why compressed bytes could not be expanded.
package enum GunzipError: Error, Hashable, CustomStringConvertible {
  /// The bytes are neither gzip nor zlib, or damaged.
  case invalid
  /// The compressed stream ends before its end.
  case truncated
  /// The expanded bytes would be more than this many.
  case tooLarge(limit: Int)
  /// The host has no memory for a decoder.
  case noMemory

  package var description: String {
    switch self {
    case .invalid: "the body is neither a whole gzip nor a whole zlib stream"
    case .truncated: "the compressed body ends before the end of its stream"
    case .tooLarge(let limit): "the compressed body holds more than \(limit) bytes"
    case .noMemory: "there is no memory to expand a compressed body"
    }
  }
}

/// Expands gzip and zlib streams.
package enum Gunzip {
  private static let step = 65_536

  /// Expands a body; what would be larger than the limit is refused as soon as the limit is passed.
  ///
  /// - Parameters:
  ///   - bytes: One or more gzip streams one after another, or zlib streams.
  ///   - limit: The most bytes that are answered, 0 or more.
  /// - Returns: The expanded bytes.
  /// - Throws: ``GunzipError``.
  /// - Complexity: O(n) in the bytes of the body and of the answer.
  package static func expand(_ bytes: [UInt8], limit: Int) throws(GunzipError) -> [UInt8] {
    // The closure cannot throw a typed error through withUnsafeBufferPointer, hence the result.
    let result: Result<[UInt8], GunzipError> = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe expand(input, limit: limit)
    }
    return try result.get()
  }

  private static func expand(
    _ input: UnsafeBufferPointer<UInt8>, limit: Int
  ) -> Result<[UInt8], GunzipError> {
    guard let inflater = unsafe deptop_inflater_make(input.baseAddress, input.count) else { return .failure(.noMemory) }
    defer { unsafe deptop_inflater_free(inflater) }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: step)
    while true {
      var written = 0
      let result = unsafe deptop_inflater_next(inflater, &chunk, chunk.count, &written)
      guard output.count + written <= limit else { return .failure(.tooLarge(limit: limit)) }
      output += chunk[..<written]
      switch result {
      case DEPTOP_INFLATE_DONE: return .success(output)
      case DEPTOP_INFLATE_TOO_LARGE: continue
      case DEPTOP_INFLATE_TRUNCATED: return .failure(.truncated)
      case DEPTOP_INFLATE_NO_MEMORY: return .failure(.noMemory)
      default: return .failure(.invalid)
      }
    }
  }
}
