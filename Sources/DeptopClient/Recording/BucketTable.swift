internal import DeptopModel

/// Finds the histogram bucket of a time in nanoseconds with two table look-ups and no logarithm.
///
/// Every power of two is cut into 64 parts of equal width, each at most 1/64 = 1.6 % wide; a bucket is 2^(1/32) - 1 =
/// 2.2 % wide. So at most one bucket bound lies inside a part: the table holds the bucket of its beginning, and one
/// comparison with that bucket's upper bound decides. Both tables are made from ``DeptopModel/Histogram`` itself.
struct BucketTable: Sendable {
  static let indices = Histogram().indices
  /// Buckets of the finest scale over the histogram's range: 851.
  static let count = indices.count
  /// Parts of a power of two are 2^6.
  private static let partBits = 6
  /// The smallest and largest nanoseconds that are told apart.
  static let range: ClosedRange<UInt64> = 1_000...100_000_000_000
  private static let exponents = 9...36

  /// The largest number of nanoseconds in each bucket, then the first bucket of each part.
  let upperBounds: [UInt64]
  let firstBuckets: [UInt16]

  init() {
    let histogram = Histogram()
    upperBounds = BucketTable.indices.map { BucketTable.upperBound(of: $0, in: histogram) }
    firstBuckets = BucketTable.exponents.flatMap { exponent in
      (0..<(1 << BucketTable.partBits)).map { part in
        let start = UInt64((1 << BucketTable.partBits) + part) << (exponent - BucketTable.partBits)
        return UInt16(histogram.index(of: .nanoseconds(Int64(start))) - BucketTable.indices.lowerBound)
      }
    }
  }

  /// The place of a time among the buckets, 0..<``count``; times outside of the range count at its ends.
  func offset(of nanoseconds: UInt64) -> Int {
    unsafe upperBounds.withUnsafeBufferPointer { bounds in
      unsafe firstBuckets.withUnsafeBufferPointer { firsts in
        unsafe BucketTable.offset(of: nanoseconds, bounds: bounds, firsts: firsts)
      }
    }
  }

  /// The same on tables that stay where they are.
  @inline(__always)
  static func offset(
    of nanoseconds: UInt64, bounds: UnsafeBufferPointer<UInt64>, firsts: UnsafeBufferPointer<UInt16>
  ) -> Int {
    let value = min(max(nanoseconds, range.lowerBound), range.upperBound)
    let exponent = 63 &- value.leadingZeroBitCount
    let part = Int(truncatingIfNeeded: value >> UInt64(truncatingIfNeeded: exponent &- partBits))
    // `part` carries the leading one: 64…127.
    let first = unsafe Int(firsts[((exponent &- 9) &<< partBits) &+ (part &- 64)])
    return unsafe value > bounds[first] ? first &+ 1 : first
  }

  /// Starts at the estimate and walks to where the histogram itself has its bound.
  private static func upperBound(of index: Int16, in histogram: Histogram) -> UInt64 {
    let bounds = histogram.bounds(of: Histogram.Bucket(index: index, count: 1))
    var value = Int64(bounds.to.seconds * 1e9)
    while histogram.index(of: .nanoseconds(value)) > index { value -= 1 }
    guard index < indices.upperBound else { return .max }
    while histogram.index(of: .nanoseconds(value + 1)) <= index { value += 1 }
    return UInt64(value)
  }
}
