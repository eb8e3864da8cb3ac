/// A character as ncurses takes it: a base and at most four marks that occupy no column.
struct Glyph {
  private(set) var scalars: InlineArray<5, UInt32> = [0x20, 0, 0, 0, 0]
  private(set) var count = 1
  /// Columns that the base occupies by the locale's reckoning.
  private(set) var columns = 1

  static let space = Glyph(scalar: 0x20)
  private static let unknown = Glyph(scalar: UInt32(UInt8(ascii: "?")))
  private static let joiner: UInt32 = 0x200d
  private static let variants: ClosedRange<UInt32> = 0xfe00...0xfe0f
  private static let flags: ClosedRange<UInt32> = 0x1f1e6...0x1f1ff

  init(scalar: UInt32) { scalars[0] = scalar }

  /// Reduces a grapheme cluster to what every terminal draws in the columns that the canvas gave it.
  ///
  /// Terminals disagree on joined emoji, variation selectors and flags. The base alone is drawn where its width is
  /// certain, `?` where it is not: a wrong guess would shift the rest of the row.
  ///
  /// - Parameters:
  ///   - text: the cluster.
  ///   - expected: what the canvas reckons, 1 or 2.
  ///   - width: what the locale reckons for one scalar, -1 when it cannot be printed.
  init(_ text: Character, columns expected: Int, width: (UInt32) -> Int32) {
    var rest = text.unicodeScalars.lazy.map(\.value).makeIterator()
    guard let base = rest.next(), case let actual = Int(width(base)), actual == expected || actual == 1,
      !Glyph.flags.contains(base)
    else {
      self = .unknown
      return
    }
    self.init(scalar: base)
    columns = actual
    while count < 5, let mark = rest.next(), width(mark) == 0, mark != Glyph.joiner {
      if Glyph.variants.contains(mark) { continue }
      scalars[count] = mark
      count += 1
    }
  }
}
