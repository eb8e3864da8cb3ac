extension Style {
  /// This style under a selection, on a screen whose ordinary text is `base`.
  ///
  /// A style with a background of its own (a label, a match, a level drawn as a block) keeps both its colours. All
  /// others take the selection's background, and its foreground unless that is the terminal's, which keeps the own
  /// colour and with it the status of the cell. Attributes add up, except that reversing twice is not reversing, so
  /// that what is reversed outside the selection still stands out inside it.
  package func selected(by selection: Style, over base: Style) -> Style {
    let reversed = attributes.symmetricDifference(selection.attributes).intersection(.reverse)
    let others = attributes.union(selection.attributes).subtracting(.reverse)
    var selected = self
    selected.attributes = others.union(reversed)
    guard background == base.background else { return selected }
    selected.background = selection.background
    if selection.foreground != .terminal { selected.foreground = selection.foreground }
    return selected
  }
}
