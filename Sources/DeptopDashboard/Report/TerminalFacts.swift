package import DeptopModel
package import DeptopScreen

/// What is known of the terminal that the dashboard would be drawn on, and whether it will do.
package struct TerminalFacts: Sendable, Hashable {
  /// `TERM`; nil when it is not set.
  package var type: String?
  /// The terminfo entry that would be used; nil when none of the candidates is installed.
  package var entry: String?
  /// How many colours the entry has; nil when it does not say.
  package var colors: Int?
  /// True when `NO_COLOR` asks for none.
  package var refusesColor: Bool
  /// The locale's character set, such as `UTF-8`.
  package var characterSet: String
  /// nil when standard output is no terminal.
  package var size: Size?

  package init(
    type: String?, entry: String?, colors: Int?, refusesColor: Bool, characterSet: String, size: Size?
  ) {
    self.type = type
    self.entry = entry
    self.colors = colors
    self.refusesColor = refusesColor
    self.characterSet = characterSet
    self.size = size
  }

  /// The smallest terminal that the dashboard is made for.
  package static let smallest = Size(columns: 40, rows: 10)

  package var checks: [HostCheck] { [typeCheck, colorCheck, characterCheck, sizeCheck] }

  private var typeCheck: HostCheck {
    guard let type else {
      return HostCheck(
        "terminal type", .limited, "TERM is not set" + (entry.map { ": drawn as \($0)" } ?? ""),
        remedy: "set TERM to what the terminal is, such as xterm-256color")
    }
    guard let entry else {
      return HostCheck(
        "terminal type", .missing, "\(type) is not known on this host, and nothing like it",
        remedy: "install the terminal descriptions (ncurses-base or ncurses-term), or set TERM=xterm-256color")
    }
    if entry == type { return HostCheck("terminal type", .ok, type) }
    return HostCheck(
      "terminal type", .limited, "\(type) is not known on this host: drawn as \(entry)",
      remedy: "install its description (ncurses-term, or copy it with infocmp and tic)")
  }

  private var colorCheck: HostCheck {
    if refusesColor { return HostCheck("colours", .ok, "none, as NO_COLOR asks: signs and words tell everything") }
    guard let colors, colors >= 8 else {
      return HostCheck("colours", .limited, "none: signs and words tell everything", remedy: "set TERM=xterm-256color")
    }
    return HostCheck("colours", .ok, colors >= 1 << 24 ? "24-bit" : "\(colors)")
  }

  private var characterCheck: HostCheck {
    let letters = characterSet.lowercased().filter { $0.isLetter || $0.isNumber }
    if letters == "utf8" { return HostCheck("characters", .ok, "UTF-8") }
    let name = characterSet.isEmpty ? "unknown" : characterSet
    return HostCheck(
      "characters", .limited, "the locale's character set is \(name): drawn in ASCII",
      remedy: "set LANG=C.UTF-8")
  }

  private var sizeCheck: HostCheck {
    guard let size else {
      return HostCheck(
        "size", .limited, "standard output is no terminal: the dashboard cannot be drawn here",
        remedy: "run deptop in a terminal; status, findings and watch need none")
    }
    let text = "\(size.columns) columns, \(size.rows) rows"
    let (columns, rows) = (Self.smallest.columns, Self.smallest.rows)
    guard size.columns >= columns, size.rows >= rows else {
      return HostCheck(
        "size", .limited, text + ": too small to tell much",
        remedy: "make it at least \(columns) columns wide and \(rows) rows high")
    }
    return HostCheck("size", .ok, text)
  }
}
