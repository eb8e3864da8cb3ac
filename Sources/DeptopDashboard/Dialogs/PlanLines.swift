internal import DeptopModel
internal import DeptopScreen

/// A plan, and what is asked of the operator.
struct PlanLines {
  let open: PlanDialog
  let scene: Scene

  private var request: PlanRequest { open.plan.request }
  private var expires: Duration { open.plan.expiresAt - scene.clockNow }

  var title: String {
    "\(request.verb.title) \(request.dependency.shown)\(DialogContent.place(scene))\(request.purpose)"
  }

  var footer: String {
    let left = expires > .zero ? "expires in \(expires.age)" : "expired"
    return left + " \(scene.glyphs.box.horizontal) Esc leave"
  }

  func lines(columns: Int) -> [StyledLine] {
    let entries = PlanTreatments.entries(open.plan) + open.plan.lines.map { (label: $0.label, text: $0.text) }
    return LabelledLines.lines(entries, columns: columns) { label in
      label == "cannot" || label == "risk" ? .warning : .text
    }
  }

  func tail(columns: Int) -> [StyledLine] {
    let width = LabelledLines.labelWidth(columns)
    let room = columns - width
    let hint = "\(open.needsReason ? "required" : "optional"), kept in the audit"
    var lines = [field(padded("reason", to: width), open.reason, .reason, hint: hint, room)]
    if open.plan.confirmation == .typeName {
      lines.append(field(padded("name", to: width), open.typedName, .name, hint: "not typed yet", room))
    }
    return lines + [instruction(columns: columns)]
  }

  private func field(
    _ label: String, _ field: TextField, _ focus: PlanDialog.Focus, hint: String, _ room: Int
  ) -> StyledLine {
    var line = StyledLine(label, .muted)
    let before = String(field.text.prefix(field.cursor))
    var shown = field.text
    var cursor = columnWidth(of: before)
    while cursor >= room, !shown.isEmpty {
      cursor -= columnWidth(of: String(shown.removeFirst()))
    }
    if open.focus == focus { line.cursor = columnWidth(of: label) + cursor }
    if field.text.isEmpty {
      line.append(open.focus == focus ? " " : "", .input)
      line.append((open.focus == focus ? "" : " ") + hint, .muted)
    } else {
      line.append(shown + " ", .input)
    }
    return line
  }

  private func instruction(columns: Int) -> StyledLine {
    if open.isStarting { return StyledLine("starting: the collector has it", .armed) }
    if let hint = open.hint { return StyledLine(sanitized(hint), .error) }
    if expires <= .zero { return StyledLine("the plan has expired: Enter asks for a new one", .warning) }
    if open.focus == .reason { return StyledLine("Tab or Enter: back to the confirmation", .muted) }
    if open.lacksReason, open.plan.confirmation != .typeName || open.isNameTyped {
      return StyledLine("Tab", .key).appending(" to the reason, which this host asks for; ")
        .appending("Esc", .key).appending(" leaves")
    }
    guard open.plan.confirmation == .typeName else {
      return StyledLine("Enter", .key).appending(" or ").appending("y", .key).appending(" runs it, ")
        .appending("Tab", .key).appending(" reason, ").appending("Esc", .key).appending(" leaves")
    }
    if open.isNameTyped {
      return StyledLine("Enter", .key).appending(" runs it, ").appending("Esc", .key).appending(" leaves")
    }
    let more = columns < 60 ? "" : ", Tab reason, Esc leaves"
    return StyledLine("type \(open.typableName) to run\(more)", .warning)
  }
}

/// Texts behind labels of one width, wrapped beside them.
enum LabelledLines {
  static func labelWidth(_ columns: Int) -> Int { columns < 50 ? 11 : 13 }

  static func lines(
    _ entries: [(label: String, text: String)], columns: Int, role: (String) -> Role = { _ in .text }
  ) -> [StyledLine] {
    let width = labelWidth(columns)
    return entries.flatMap { entry in
      let label = sanitized(entry.label)
      // A label that leaves no space before the text has a line of its own.
      let isLong = columnWidth(of: label) >= width
      let heading = isLong ? wrapped(label, to: columns).map { StyledLine($0, .muted) } : []
      return heading
        + wrapped(sanitized(entry.text), to: max(1, columns - width)).enumerated().map { index, text in
          StyledLine(padded(index == 0 && !isLong ? label : "", to: width), .muted).appending(text, role(entry.label))
        }
    }
  }
}
