/// Text that came by a paste.
enum PastedText {
  /// Repairs the encoding, makes line ends line feeds and drops other control characters except the tab.
  static func clean(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x0d: text.append("\n")
      case 0x0a: if previous != "\r" { text.append("\n") }
      case 0x09, 0x20..<0x7f, 0xa0...: text.append(scalar)
      default: break
      }
      previous = scalar
    }
    return String(text)
  }
}
