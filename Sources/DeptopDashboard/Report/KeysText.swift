package import DeptopScreen

/// The keys and the words of the command line as plain text: what `deptop keys` prints.
package struct KeysText: Sendable {
  package var bindings: KeyBindings
  package var glyphs: Glyphs

  package init(bindings: KeyBindings = .standard, glyphs: Glyphs = .unicode) {
    self.bindings = bindings
    self.glyphs = glyphs
  }

  /// By group, one line for each binding, each line ended by a line feed.
  package var text: String {
    let width = bindings.bindings.map { columnWidth(of: $0.keysText(glyphs)) }.max() ?? 0
    var lines: [String] = []
    for group in KeyBinding.Group.allCases {
      lines +=
        [group.title]
        + bindings.bindings.filter { $0.group == group }.map {
          "  \(padded($0.keysText(glyphs), to: width))  \($0.description)"
        } + [""]
    }
    lines.append("command line")
    lines += CommandLanguage.entries.map { entry in
      let usage = ":\(entry.word) \(entry.arguments)".trimmingTail
      return "  \(padded(usage, to: max(width, 23)))  \(entry.description)"
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
