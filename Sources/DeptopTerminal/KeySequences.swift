import CCurses

/// What terminals send for keys although their terminfo entry says otherwise, or says nothing.
///
/// PuTTY calls itself `xterm` but sends a VT220's Home, End and F1 to F4; tmux and screen pass the inner terminal's
/// keys; cursor keys come in two modes, and with modifiers that mean nothing here.
enum KeySequences {
  static let common: [(sequence: String, key: Int32)] = plain + functions + modified

  private static let arrows: [(Character, Int)] = [
    ("A", CCURSES_KEY_UP), ("B", CCURSES_KEY_DOWN), ("C", CCURSES_KEY_RIGHT), ("D", CCURSES_KEY_LEFT),
    ("H", CCURSES_KEY_HOME), ("F", CCURSES_KEY_END),
  ]

  private static let plain: [(sequence: String, key: Int32)] =
    arrows.flatMap { [("\u{1b}[\($0)", Int32($1)), ("\u{1b}O\($0)", Int32($1))] }
    + [
      ("\u{1b}[1~", CCURSES_KEY_HOME), ("\u{1b}[7~", CCURSES_KEY_HOME), ("\u{1b}[4~", CCURSES_KEY_END),
      ("\u{1b}[8~", CCURSES_KEY_END), ("\u{1b}[5~", CCURSES_KEY_PAGE_UP), ("\u{1b}[6~", CCURSES_KEY_PAGE_DOWN),
      ("\u{1b}[3~", CCURSES_KEY_DELETE), ("\u{1b}[Z", CCURSES_KEY_BACK_TAB), ("\u{1b}OM", CCURSES_KEY_ENTER),
    ].map { ($0.0, Int32($0.1)) }

  /// F1 to F12 as VT220 and xterm number them, F1 to F4 as VT100 and F1 to F5 as the Linux console has them.
  private static let functions: [(sequence: String, key: Int32)] =
    zip([11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24], 1...).map { ("\u{1b}[\($0)~", function($1)) }
    + zip("PQRS", 1...).map { ("\u{1b}O\($0)", function($1)) }
    + zip("ABCDE", 1...).map { ("\u{1b}[[\($0)", function($1)) }

  private static let modified: [(sequence: String, key: Int32)] = (2...8).flatMap { modifier in
    arrows.map { ("\u{1b}[1;\(modifier)\($0)", Int32($1)) }
      + [
        ("\u{1b}[5;\(modifier)~", Int32(CCURSES_KEY_PAGE_UP)), ("\u{1b}[6;\(modifier)~", Int32(CCURSES_KEY_PAGE_DOWN)),
        ("\u{1b}[3;\(modifier)~", Int32(CCURSES_KEY_DELETE)),
      ]
  }

  private static func function(_ number: Int) -> Int32 { Int32(CCURSES_KEY_FUNCTION + number) }
}
