/// The columns that a character occupies in a terminal: 0, 1 or 2.
///
/// 0 means "never drawn": control, escape and C1 characters, bidirectional controls, zero-width and other format
/// characters, combining marks without a base, and scalars that Unicode has not assigned. A cluster counts what its
/// parts add up to, at most 2: combining marks add nothing, so `é` is 1; a flag's two letters, an Indic conjunct and
/// an emoji joined by U+200D are 2. East Asian characters of ambiguous width are 1, as they are for `wcwidth`.
package func columnWidth(of character: Character) -> Int {
  if let ascii = character.asciiValue { return ascii >= 0x20 && ascii < 0x7F ? 1 : 0 }
  var width = 0
  for scalar in character.unicodeScalars {
    width += columnWidth(of: scalar)
    if width >= 2 { return 2 }
  }
  return width
}

/// The columns that one scalar occupies by itself: 0, 1 or 2.
package func columnWidth(of scalar: Unicode.Scalar) -> Int {
  switch scalar.value {
  case 0x20..<0x7F, 0xA1..<0xAD, 0xAE..<0x300: 1
  case 0..<0xA0: 0
  case 0x2500..<0x25FD: 1
  default: ColumnWidthTable.width(of: scalar)
  }
}

/// The columns that a text occupies when it is drawn without a limit.
package func columnWidth(of text: String) -> Int {
  if text.isPrintableASCII { return text.utf8.count }
  var width = 0
  for character in text { width += columnWidth(of: character) }
  return width
}

extension String {
  /// Whether every byte is one character of one column, which spares most texts the search for clusters.
  var isPrintableASCII: Bool {
    // By index: a closure for each byte was a seventh of a frame's cost.
    let bytes = utf8.span
    for index in bytes.indices where bytes[index] < 0x20 || bytes[index] >= 0x7F { return false }
    return true
  }
}
