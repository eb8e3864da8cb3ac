import DeptopScreen
import DeptopThemes
import Testing

@Suite struct ThemeTests {
  private func theme(_ text: String, file: String = "mine.json5") throws(ThemeError) -> Theme {
    try Theme.custom(file: file, source: Array(text.utf8))
  }

  /// A theme that says of `critical` what the test says and takes everything else from the dark theme.
  private func extending(_ critical: String, palette: String = "") throws(ThemeError) -> Theme {
    try theme(
      "{ name: 'mine', description: 'd', extends: 'dark', palette: {\(palette)}, roles: { critical: \(critical) } }")
  }

  private func error(_ body: () throws(ThemeError) -> Theme) -> ThemeError? {
    do {
      _ = try body()
      return nil
    } catch { return error }
  }

  @Test func `a role's values reach their depths`() throws {
    let mine = try extending(
      """
      { fg: ["red", 203, "brightRed", "red"], bg: ["#102030", 17, 4, 4],
        style: ["bold", "bold italic", "plain", "dim"], mono: "bold reverse" }
      """, palette: "red: '#ff5555'")
    func critical(_ depth: ColorDepth) -> Style { mine.style(for: .critical, at: depth) }
    #expect(critical(.trueColor) == Style(foreground: .rgb(0xFF5555), background: .rgb(0x102030), attributes: .bold))
    #expect(
      critical(.indexed256) == Style(foreground: .indexed(203), background: .indexed(17), attributes: [.bold, .italic]))
    #expect(critical(.ansi16) == Style(foreground: .indexed(9), background: .indexed(4)))
    #expect(critical(.ansi8) == Style(foreground: .indexed(1), background: .indexed(4), attributes: .dim))
    #expect(critical(.mono) == Style(attributes: [.bold, .reverse]))
  }

  @Test func `what a theme does not say comes from the one it extends`() throws {
    let dark = try Theme.named("dark")
    let mine = try extending("{ mono: 'bold' }")
    #expect(mine.style(for: .warning, at: .trueColor) == dark.style(for: .warning, at: .trueColor))
    #expect(mine.style(for: .critical, at: .trueColor) == dark.style(for: .text, at: .trueColor))
    #expect(mine.name == "mine")
  }

  @Test func `an exchanged palette colour recolours the roles below`() throws {
    let mine = try theme("{ name: 'mine', description: 'd', extends: 'dark', palette: { amber: '#010203' } }")
    #expect(mine.style(for: .warning, at: .trueColor).foreground == .rgb(0x010203))
  }

  @Test func `a palette may name the terminal's own colours`() throws {
    let mine = try extending("{ fg: ['own', 1, 1, 1], mono: 'bold' }", palette: "own: 'brightRed'")
    #expect(mine.style(for: .critical, at: .trueColor).foreground == .indexed(9))
  }

  @Test func `inks answer the styles of one depth`() throws {
    let dark = try Theme.named("dark")
    let inks = dark.inks(at: .ansi8)
    for role in Role.allCases { #expect(inks[role] == dark.style(for: role, at: .ansi8)) }
    #expect(inks.table.selection == inks[.selection])
  }

  @Test(
    arguments: [
      ("{ fg: ['rde', 1, 1, 1], mono: 'bold' }", ColorDepth.trueColor, "rde", ThemeError.Reason.unknownPaletteName),
      ("{ fg: ['#ff55', 1, 1, 1], mono: 'bold' }", .trueColor, "#ff55", .malformedColor),
      ("{ fg: ['#+ff555', 1, 1, 1], mono: 'bold' }", .trueColor, "#+ff555", .malformedColor),
      ("{ fg: ['red', 256, 1, 1], mono: 'bold' }", .indexed256, "256", .colorOutOfRange(last: 255)),
      ("{ fg: ['red', -1, 1, 1], mono: 'bold' }", .indexed256, "-1", .colorOutOfRange(last: 255)),
      ("{ fg: ['red', 1, 16, 1], mono: 'bold' }", .ansi16, "16", .colorOutOfRange(last: 15)),
      ("{ fg: ['red', 1, 1, 'brightRed'], mono: 'bold' }", .ansi8, "brightRed", .colorOutOfRange(last: 7)),
      ("{ fg: ['red', 1, 'crimson', 1], mono: 'bold' }", .ansi16, "crimson", .unknownColorName),
      ("{ fg: ['red', 1, 1], mono: 'bold' }", .ansi8, nil, .missingValue),
      ("{ bg: ['red', 1, 1], mono: 'bold' }", .ansi8, nil, .missingValue),
      ("{ fg: ['red', 1, 1, 1] }", .mono, nil, .missingValue),
      ("{ mono: 'bold shiny' }", .mono, "shiny", .unknownAttribute),
      ("{ style: ['bold', 'blink', '', ''], mono: 'bold' }", .indexed256, "blink", .unknownAttribute),
    ] as [(String, ColorDepth, String?, ThemeError.Reason)])
  func `a bad value is named with its role and depth`(
    _ critical: String, _ depth: ColorDepth, _ value: String?, _ reason: ThemeError.Reason
  ) {
    let expected = ThemeError(file: "mine.json5", role: "critical", depth: depth, value: value, reason: reason)
    #expect(error { () throws(ThemeError) in try extending(critical) } == expected)
  }

  @Test(arguments: [
    ("{ fg: ['red', 1.5, 1, 1], mono: 'bold' }", "1.5"), ("{ fg: 'red', mono: 'bold' }", "red"),
    ("{ fg: ['red', 1, 1, 1, 1], mono: 'bold' }", "[red, 1, 1, 1, 1]"), ("{ fg: [7, 1, 1, 1], mono: 'bold' }", "7"),
    ("{ mono: true }", "true"), ("{ mono: null }", "null"), ("'red'", "red"), ("{ fg: {}, mono: 'bold' }", "{…}"),
  ])
  func `a value of the wrong type is named as it is written`(_ critical: String, _ value: String) throws {
    let found = try #require(error { () throws(ThemeError) in try extending(critical) })
    #expect(found.role == "critical")
    #expect(found.value == value)
    guard case .expected = found.reason else {
      Issue.record("\(found)")
      return
    }
  }

  @Test func `unknown keys are answered with the known ones`() throws {
    let inRole = try #require(error { () throws(ThemeError) in try extending("{ foreground: 1, mono: 'bold' }") })
    #expect(inRole.role == "critical" && inRole.value == "foreground")
    #expect(inRole.reason == .unknownKey(known: ["fg", "bg", "style", "mono"]))
    let inFile = try #require(error { () throws(ThemeError) in try theme("{ name: 'x', colours: {} }") })
    #expect(inFile.value == "colours")
  }

  @Test func `an unknown role is an error, so that a slip of the pen is not a colour lost`() {
    let text = "{ name: 'x', description: 'd', extends: 'dark', roles: { critcal: { mono: 'bold' } } }"
    #expect(
      error { () throws(ThemeError) in try theme(text) }
        == ThemeError(file: "mine.json5", value: "critcal", reason: .unknownRole))
  }

  @Test func `a role that no theme mentions is an error`() {
    let text =
      "{ name: 'x', description: 'd', foreground: 'terminal', background: 'terminal', roles: { text: { mono: 'plain' } } }"
    #expect(
      error { () throws(ThemeError) in try theme(text) }
        == ThemeError(file: "mine.json5", role: "muted", reason: .missingRole))
  }

  @Test func `without a colour of its own a role needs the theme's`() {
    let text = "{ name: 'x', description: 'd', background: 'terminal', roles: { text: { mono: 'plain' } } }"
    let found = error { () throws(ThemeError) in try theme(text) }
    #expect(found?.role == "foreground")
    #expect(found?.reason == .missingValue)
  }

  @Test(arguments: [("'#12345'", ThemeError.Reason.malformedColor), ("'crimson'", .unknownColorName)])
  func `a bad palette colour is named`(_ color: String, _ reason: ThemeError.Reason) {
    let found = error { () throws(ThemeError) in try extending("{ mono: 'bold' }", palette: "red: \(color)") }
    #expect(found?.role == "palette.red")
    #expect(found?.reason == reason)
  }

  @Test(arguments: ["", "{ name: 'x'", "[1]", "nonsense", "{ name: 5 }"])
  func `what is no theme is an error with the file's name`(_ text: String) throws {
    let found = try #require(error { () throws(ThemeError) in try theme(text) })
    #expect(found.description.hasPrefix("theme mine.json5"))
  }

  @Test func `bad syntax is called so`() throws {
    let found = try #require(error { () throws(ThemeError) in try theme("{ name: 'x',\n  description: ]\n}") })
    guard case .syntax = found.reason else {
      Issue.record("\(found)")
      return
    }
  }

  @Test func `extending what does not exist, or oneself, is an error`() {
    let lost = error { () throws(ThemeError) in try theme("{ name: 'x', description: 'd', extends: 'nord' }") }
    #expect(lost?.value == "nord")
    let circle = Array("{ name: 'a', description: 'd', extends: 'b' }".utf8)
    let back = Array("{ name: 'b', description: 'd', extends: 'a' }".utf8)
    let library = [(file: "a.json5", source: circle), (file: "b.json5", source: back)]
    let found = error { () throws(ThemeError) in try Theme(file: "a.json5", source: circle, library: library) }
    #expect(found?.reason == .circularExtension)
  }

  @Test func `a message is one sentence with file, role, depth and value`() {
    let error = ThemeError(
      file: "night.json5", role: "critical", depth: .ansi8, value: "brightRed", reason: .colorOutOfRange(last: 7))
    #expect(
      error.description
        == "theme night.json5, critical at ansi8: \"brightRed\" is a colour that this depth does not have; the last one is 7"
    )
  }

  @Test(arguments: [
    ("dark.json5", "dark"), ("/home/u/themes/my.night.json5", "my.night"), ("plain", "plain"), ("", ""),
  ])
  func `a theme's name is its file's`(_ path: String, _ name: String) {
    #expect(Theme.name(ofFile: path) == name)
  }

  @Test(
    arguments: [
      ("Red", Role.environmentRed), ("orange", .environmentYellow), ("green", .environmentGreen),
      ("blue", .environmentBlue), ("mauve", .environment), (nil, .environment),
    ] as [(String?, Role)])
  func `an environment's colour has a role`(_ color: String?, _ role: Role) {
    #expect(Role.environment(color: color) == role)
  }
}
