/// Text from outside made fit for a terminal, a log line or a clipboard.
///
/// Removed are control characters, the escape character of escape sequences (what followed it stays visible, as
/// evidence), C1 and bidirectional controls, zero-width characters, variation selectors and joiners, tags, emoji skin
/// tones, unassigned scalars, and combining marks without a base or beyond the fourth on one base, which is what one
/// terminal cell can hold. A line break, a tab, or a line or paragraph separator becomes one space, so that words
/// stay apart. What is left is drawn with the same width by every terminal that knows its characters.
package func sanitized(_ text: String) -> String {
  if text.isPrintableASCII { return text }
  var kept = String.UnicodeScalarView()
  var attached = 0
  for scalar in text.unicodeScalars {
    if isSeparator(scalar) {
      if kept.last != " " { kept.append(" ") }
      attached = 0
    } else if attaches(scalar) {
      attached += 1
      if attached <= 4 { kept.append(scalar) }
    } else if columnWidth(of: scalar) > 0, !scalar.properties.isEmojiModifier {
      kept.append(scalar)
      attached = 0
    }
  }
  return String(kept).filter { columnWidth(of: $0) > 0 }
}

private func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09...0x0D, 0x85, 0x2028, 0x2029: true
  default: false
  }
}

/// Whether a scalar shares the cell of the one before it: a combining mark, or a medial or final Hangul letter.
private func attaches(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value >= 0x300, columnWidth(of: scalar) == 0 else { return false }
  let properties = scalar.properties
  guard !properties.isDefaultIgnorableCodePoint else { return false }
  switch properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .otherLetter: return true
  default: return false
  }
}
