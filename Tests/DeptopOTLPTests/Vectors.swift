/// Requests that the official protobuf package wrote.
enum Vectors {
  /// A cumulative sum of -3 that says that it is monotonic, and a gauge of 1.5, of one resource.
  static let sumAndGauge = bytes(
    """
    0a780a170a150a0c736572766963652e6e616d6512050a03737663125d0a030a0173123b0a01631a01313a330a2d11e80300000000000019\
    d00700000000000031fdffffffffffffff3a100a016b120b18ffffffffffffffffff011002180112190a01672a140a1219d0070000000000\
    0021000000000000f83f
    """)
  /// A delta histogram in seconds.
  static let histogram = bytes(
    """
    0a69126712650a01681a01734a5d0a5919d00700000000000021030000000000000029333333333333e33f3218010000000000000002000000\
    0000000000000000000000003a109a9999999999b93f000000000000e03f599a9999999999a93f619a9999999999d93f1001
    """)
  /// A cumulative exponential histogram.
  static let exponential = bytes(
    """
    0a3c123a12380a016552330a2f19d007000000000000210400000000000000290000000000001e403002390100000000000000420708031203\
    0100021002
    """)
  /// A gauge without a value, with attributes of other types than text.
  static let noValue = bytes(
    """
    0a38123612340a016e2a2f0a2d1905000000000000003a070a0162120210013a170a016112122a100a030a01780a0921000000000000004040\
    01
    """)

  static let all = [sumAndGauge, histogram, exponential, noValue]

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
