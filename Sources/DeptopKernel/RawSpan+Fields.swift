extension RawSpan {
  /// A value in host byte order at any offset; nil when the bytes end before it does.
  ///
  /// Only for types of which every bit pattern is a value: integers, and C structures of integers.
  func value<Value: BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value? {
    guard offset >= 0, byteCount - offset >= MemoryLayout<Value>.size else { return nil }
    return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type)
  }

  /// An integer in host byte order; stops the program when the bytes end before it does.
  func field<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self)
  }
}
