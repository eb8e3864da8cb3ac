internal import DeptopModel
internal import DeptopScreen
internal import DeptopWire

/// What the lab has just broken or seen healed, and the keys that repair it: above the key bar.
struct CaptionPanel {
  /// The sign of the phase, which no other phase has, and its role.
  private let sign: (text: String, role: Role)
  /// Which scenario; short where there is one line only.
  private let heading: String
  private let word: String
  private let keys: [StyledLine.Span]
  /// As many lines as are shown at most.
  private let texts: [String]
  private let isOneLine: Bool
  private let glyphs: Glyphs

  /// nil without a lab, on the screens that are not about what it breaks, and where rows are too few.
  init?(_ state: DashboardState) {
    switch state.screen {
    case .overview, .detail: break
    default: return nil
    }
    let size = state.size
    guard size.rows >= 6 else { return nil }
    isOneLine = ScreenAreas.isSmall(size)
    glyphs = state.glyphs
    let text: String
    if let scene = state.scene {
      sign = scene.phase.sign(state.glyphs)
      word = scene.phase.rawValue
      let place = "\(scene.number)/\(scene.count)"
      heading = isOneLine ? place : "LAB \(place) \(sanitized(scene.title))"
      keys = Self.keys(of: scene, state.bindings, state.glyphs)
      text = sanitized(scene.caption)
    } else if let reason = state.labEnd {
      sign = (Level.stale.mark(state.glyphs), .stale)
      (heading, word, keys) = ("LAB", "ended", [])
      text = sanitized(reason) + "; q quits"
    } else {
      return nil
    }
    texts = Self.broken(text, into: isOneLine ? 1 : 2, columns: size.columns - 2)
  }

  /// Rows with the heading.
  var height: Int { isOneLine ? 1 : 1 + texts.count }

  /// Draws it; names of dependencies stand out in the text.
  func draw(in rect: Rect, dependencies: [Dependency], on canvas: inout Canvas, _ inks: Inks) {
    guard rect.rows > 0 else { return }
    let names = Set(dependencies.map(\.id.shown))
    if isOneLine {
      var line = StyledLine(" ").appending("\(sign.text) \(heading)", sign.role).appending(" ")
      Self.append(texts[0], to: &line, names)
      line.trailing = keys + [.init(" ")]
      canvas.put(line, in: rect, inks, glyphs)
      return
    }
    drawHeading(in: rect, on: &canvas, inks)
    for (index, text) in texts.enumerated() where index + 1 < rect.rows {
      var line = StyledLine(" ")
      Self.append(text, to: &line, names)
      canvas.put(line, in: rect.row(index + 1), inks, glyphs)
    }
  }

  private func drawHeading(in rect: Rect, on canvas: inout Canvas, _ inks: Inks) {
    Rule(style: inks[.border], glyphs: glyphs).draw(in: rect, on: &canvas)
    let keysWidth = keys.reduce(0) { $0 + columnWidth(of: $1.text) }
    let end = keysWidth == 0 ? rect.right - 1 : rect.right - keysWidth - 3
    let heading = truncated(
      self.heading, to: max(1, end - rect.left - 7 - columnWidth(of: word)), ellipsis: glyphs.ellipsis)
    let line = StyledLine(" \(heading) ", .title).appending("\(sign.text) \(word) ", sign.role)
    canvas.put(
      line, in: Rect(column: rect.left + 1, row: rect.top, columns: min(line.width, rect.columns - 1), rows: 1), inks,
      glyphs)
    guard keysWidth > 0 else { return }
    let spans = StyledLine([.init(" ")] + keys + [.init(" ")])
    canvas.put(
      spans, in: Rect(column: rect.right - keysWidth - 3, row: rect.top, columns: keysWidth + 2, rows: 1), inks, glyphs)
  }

  /// `press D`, `press R, then D`; the key of the next scenario once it has healed.
  private static func keys(of scene: LabScene, _ bindings: KeyBindings, _ glyphs: Glyphs) -> [StyledLine.Span] {
    if scene.phase == .healed {
      guard let next = bindings.binding(of: .nextScenario)?.keys.first else { return [] }
      return [.init(next.label(glyphs), .key), .init(" next", .keyLabel)]
    }
    return scene.keys.enumerated().flatMap { index, key -> [StyledLine.Span] in
      [.init(index == 0 ? "press " : ", then ", .keyLabel), .init(sanitized(key), .key)]
    }
  }

  /// The text in lines; what does not fit into the last ends with the ellipsis when it is drawn.
  private static func broken(_ text: String, into limit: Int, columns: Int) -> [String] {
    let lines = limit == 1 ? [text] : wrapped(text, to: max(1, columns))
    guard lines.count > limit else { return lines }
    return lines.prefix(limit - 1) + [lines.dropFirst(limit - 1).joined(separator: " ")]
  }

  private static func append(_ text: String, to line: inout StyledLine, _ names: Set<String>) {
    for (index, word) in text.split(separator: " ").enumerated() {
      if index > 0 { line.append(" ") }
      let name = word.prefix { !",;:.!?'".contains($0) }
      guard names.contains(String(name)) else {
        line.append(String(word))
        continue
      }
      line.append(String(name), .accent)
      line.append(String(word.dropFirst(name.count)))
    }
  }
}

extension LabScene.Phase {
  /// Its sign and role; no two phases have the same sign.
  fileprivate func sign(_ glyphs: Glyphs) -> (text: String, role: Role) {
    switch self {
    case .healthy: (Level.ok.mark(glyphs), .ok)
    case .brewing: (Level.warning.mark(glyphs), .warning)
    case .broken: (Level.critical.mark(glyphs), .critical)
    case .healed: (String(glyphs.check), .ok)
    }
  }
}
