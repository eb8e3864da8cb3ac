import DeptopScreen
import Testing

@testable import DeptopTerminal

/// What the environment and the terminal type decide, without a terminal.
@Suite struct DetectionTests {
  @Test(arguments: [
    (nil, 0, false, ColorDepth.mono), (nil, 8, false, .ansi8), (nil, 16, false, .ansi16), (nil, 88, false, .ansi16),
    (nil, 256, false, .indexed256), (nil, 1 << 24, true, .trueColor), ("1", 256, false, .mono), ("", 8, false, .ansi8),
    ("1", 1 << 24, true, .mono),
  ])
  func `the depth is what the loaded type can draw and the user wants`(
    noColor: String?, colors: Int, isDirect: Bool, depth: ColorDepth
  ) {
    let environment = TerminalEnvironment(type: "xterm", noColor: noColor)
    #expect(ColorDepth.detected(in: environment, colors: colors, isDirect: isDirect) == depth)
  }

  @Test(
    arguments: [
      ("xterm-256color", nil, ["xterm-256color", "xterm", "vt100", "ansi"]),
      ("xterm-256color", "truecolor", ["xterm-direct", "xterm-256color", "xterm", "vt100", "ansi"]),
      ("xterm", "24bit", ["xterm-direct", "xterm-256color", "xterm", "vt100", "ansi"]),
      (
        "tmux-256color", "truecolor",
        ["tmux-direct", "tmux-256color", "tmux", "xterm-256color", "xterm", "vt100", "ansi"]
      ),
      (
        "xterm-kitty", "TRUECOLOR",
        [
          "xterm-kitty-direct", "xterm-direct", "xterm-kitty", "xterm", "xterm-256color", "vt100", "ansi",
        ]
      ),
      (
        "screen.xterm-new", nil,
        ["screen.xterm-new", "screen.xterm", "screen", "xterm-256color", "xterm", "vt100", "ansi"]
      ),
      ("dumb", "truecolor", ["dumb"]), (nil, nil, ["xterm-256color", "xterm", "vt100", "ansi"]),
    ] as [(String?, String?, [String])])
  func `the entries to try are in order of what they can do`(type: String?, colorTerm: String?, names: [String]) {
    #expect(TerminalType.candidates(in: TerminalEnvironment(type: type, colorTerm: colorTerm)) == names)
  }

  @Test func `refused colour does not ask for a 24-bit entry`() {
    let environment = TerminalEnvironment(type: "xterm-256color", colorTerm: "truecolor", noColor: "1")
    #expect(TerminalType.candidates(in: environment).first == "xterm-256color")
  }

  @Test(
    arguments: [
      ("xterm-256color", "xterm-256color", false), ("xterm-256color", "xterm-direct", false),
      ("xterm", "xterm-256color", false),
      ("xterm-ghostty", "xterm", true), ("wild", "xterm-256color", true), (nil, "xterm-256color", true),
    ] as [(String?, String, Bool)])
  func `a substitute for the wanted type is told`(requested: String?, used: String, isTold: Bool) {
    #expect((TerminalType(requested: requested, used: used).substitution != nil) == isTold)
  }

  @Test(
    arguments: [
      ("en_US.UTF-8", 4), ("C.utf8", 4), ("de_DE.UTF-8@euro", 4), ("de_DE.ISO-8859-1", 1), ("C", 1), (nil, 1),
    ] as [(String?, Int)])
  func `another locale is tried only for one that asks for UTF-8`(locale: String?, count: Int) {
    let environment = TerminalEnvironment(type: "xterm", characterLocale: locale)
    #expect(CharacterEncoding.localeCandidates(in: environment).count == count)
  }

  @Test(arguments: [
    ("UTF-8", CharacterEncoding.utf8), ("utf8", .utf8), ("ANSI_X3.4-1968", .ascii), ("ISO-8859-1", .ascii),
  ])
  func `only UTF-8 carries more than ASCII`(codeset: String, encoding: CharacterEncoding) {
    #expect(CharacterEncoding(codeset: codeset) == encoding)
  }

  @Test func `the first locale variable that is set wins`() {
    let variables = ["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C", "TERM": "xterm"]
    let environment = TerminalEnvironment { variables[$0] }
    #expect(environment == TerminalEnvironment(type: "xterm", characterLocale: "C.UTF-8"))
  }

  @Test func `padding is not sent`() {
    #expect(TerminalModes.withoutPadding("\u{1b}[m\u{f}$<2>x$<50/>$y>") == "\u{1b}[m\u{f}x$y>")
  }

  @Test func `a terminal without an alternate screen is cleared at the end`() {
    let capabilities = ["civis": "<hide>", "cnorm": "<show>", "clear": "<clear>", "sgr0": "<plain>", "rmcup": "<main>"]
    let modes = TerminalModes(scrollRegion: "<region>") { capabilities[$0] }
    #expect(modes.enter == "<region><hide>")
    #expect(modes.leave == "<region><plain><clear><show>")
  }
}
