import DeptopScreen
import DeptopThemes
import Testing

@Suite struct BuiltInThemeTests {
  static let names = [
    "dark", "light", "terminal-16", "mono", "high-contrast", "cvd-blue-orange", "cvd-tritan", "red-production",
  ]
  static let levels: [Role] = [.critical, .warning, .ok, .stale, .unknown]
  /// Roles that are drawn as lines and areas, not read as text.
  static let graphics: Set<Role> = [.border, .barEmpty, .barFilled, .sparkline, .graphHigh, .dialogBorder, .selection]

  @Test func `the eight themes are there under their files' names`() throws {
    #expect(BuiltInTheme.names == Self.names)
    #expect(BuiltInTheme.names.contains(BuiltInTheme.defaultName))
    for name in BuiltInTheme.names {
      let theme = try Theme.named(name)
      #expect(theme.name == name)
    }
  }

  @Test func `an unknown name is answered with those that exist`() {
    #expect(throws: ThemeError(file: "nord", reason: .unknownTheme(known: Self.names))) { try Theme.named("nord") }
  }

  @Test(arguments: names, ColorDepth.allCases.filter { $0 != .mono })
  func `no two levels look alike in colour`(_ name: String, _ depth: ColorDepth) throws {
    let theme = try Theme.named(name)
    let styles = Self.levels.map { theme.style(for: $0, at: depth) }
    #expect(Set(styles).count == Self.levels.count)
    guard name != "mono" else { return }
    #expect(Set(styles.prefix(3).map { [$0.foreground, $0.background] }).count == 3)
  }

  /// Stale and unknown may look alike where a terminal has no italics; their signs tell them apart.
  @Test(arguments: names) func `without colour the levels differ by attributes`(_ name: String) throws {
    let theme = try Theme.named(name)
    let attributes = Self.levels.map { theme.style(for: $0, at: .mono).attributes.rawValue }
    #expect(Set(attributes).count == Self.levels.count)
    let reliable = attributes.map { $0 & ~Attributes.italic.rawValue }
    #expect(Set(reliable.prefix(3)).count == 3)
  }

  @Test(arguments: names) func `without colour no colour is set`(_ name: String) throws {
    let theme = try Theme.named(name)
    for role in Role.allCases {
      let style = theme.style(for: role, at: .mono)
      #expect(style.foreground == .terminal && style.background == .terminal, "\(role)")
    }
  }

  @Test(arguments: names) func `no depth has a colour that it cannot show`(_ name: String) throws {
    let theme = try Theme.named(name)
    for role in Role.allCases {
      for (depth, last) in [(ColorDepth.ansi8, 7), (.ansi16, 15), (.indexed256, 255)] {
        let style = theme.style(for: role, at: depth)
        for color in [style.foreground, style.background] {
          switch color {
          case .indexed(let index): #expect(Int(index) <= last, "\(role) at \(depth)")
          case .rgb: Issue.record("\(role) at \(depth) is a 24-bit colour")
          case .terminal: break
          }
        }
      }
    }
  }

  @Test(arguments: names, [ColorDepth.trueColor, .indexed256])
  func `text is readable on its background and under the selection`(_ name: String, _ depth: ColorDepth) throws {
    let theme = try Theme.named(name)
    let needed = name == "high-contrast" ? 7 : 4.5
    let selection = theme.style(for: .selection, at: depth)
    let text = theme.style(for: .text, at: depth)
    for role in Role.allCases where !Self.graphics.contains(role) {
      let style = theme.style(for: role, at: depth)
      for shown in [style, style.selected(by: selection, over: text)] {
        guard let ink = LinearColor(shown.foreground), let paper = LinearColor(shown.background) else { continue }
        let contrast = ink.contrast(to: paper)
        #expect(contrast >= needed, "\(role)\(shown == style ? "" : " selected") has \(contrast)")
      }
    }
  }

  @Test(arguments: names, [ColorDepth.trueColor, .indexed256])
  func `graphs stand out from their background`(_ name: String, _ depth: ColorDepth) throws {
    let theme = try Theme.named(name)
    for role in [Role.barFilled, .sparkline, .graphHigh, .dialogBorder] {
      let style = theme.style(for: role, at: depth)
      guard let ink = LinearColor(style.foreground), let paper = LinearColor(style.background) else { continue }
      #expect(ink.contrast(to: paper) >= 3, "\(role) has \(ink.contrast(to: paper))")
    }
  }

  @Test(arguments: names, [ColorDepth.ansi16, .ansi8])
  func `text never has the colour of its background`(_ name: String, _ depth: ColorDepth) throws {
    let theme = try Theme.named(name)
    let selection = theme.style(for: .selection, at: depth)
    let text = theme.style(for: .text, at: depth)
    for role in Role.allCases where role != .selection {
      for shown in [
        theme.style(for: role, at: depth), theme.style(for: role, at: depth).selected(by: selection, over: text),
      ] {
        guard shown.foreground != .terminal else { continue }
        #expect(shown.foreground != shown.background, "\(role)")
      }
    }
  }

  @Test(arguments: names) func `the environment's colours and the armed state cannot be overlooked`(_ name: String)
    throws
  {
    let theme = try Theme.named(name)
    for depth in ColorDepth.allCases {
      let text = theme.style(for: .text, at: depth)
      for role in [Role.environmentRed, .armed, .replay, .frozen] {
        let style = theme.style(for: role, at: depth)
        #expect(style.background != text.background || style.attributes.contains(.reverse), "\(role) at \(depth)")
      }
    }
  }

  @Test(arguments: ["cvd-blue-orange", "cvd-tritan"], ColorBlindness.allCases)
  func `with any colour blindness suffering is told from well`(_ name: String, _ blindness: ColorBlindness) throws {
    let theme = try Theme.named(name)
    for depth in [ColorDepth.trueColor, .indexed256] {
      let distance = try Self.distance(.critical, .ok, in: theme, at: depth, blindness)
      #expect(distance >= 25, "\(depth)")
    }
  }

  @Test(arguments: [
    ("cvd-blue-orange", ColorBlindness.protanopia), ("cvd-blue-orange", .deuteranopia), ("cvd-tritan", .tritanopia),
  ])
  func `with the colour blindness that a theme is for, all three levels differ`(
    _ name: String, _ blindness: ColorBlindness
  ) throws {
    let theme = try Theme.named(name)
    for depth in [ColorDepth.trueColor, .indexed256] {
      for (one, other) in [(Role.critical, Role.ok), (.critical, .warning), (.warning, .ok)] {
        let distance = try Self.distance(one, other, in: theme, at: depth, blindness)
        #expect(distance >= 25, "\(one) and \(other) at \(depth)")
      }
    }
  }

  /// The larger of the distances that the inks and the papers of two roles have when seen with a colour blindness.
  private static func distance(
    _ one: Role, _ other: Role, in theme: Theme, at depth: ColorDepth, _ blindness: ColorBlindness
  ) throws -> Double {
    let styles = [theme.style(for: one, at: depth), theme.style(for: other, at: depth)]
    let inks = try styles.map { blindness.seen(try #require(LinearColor($0.foreground))) }
    let papers = try styles.map { blindness.seen(try #require(LinearColor($0.background))) }
    return max(inks[0].distance(to: inks[1]), papers[0].distance(to: papers[1]))
  }
}
