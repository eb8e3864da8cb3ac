/// What a piece of text or a sign means; a theme gives every role a style for every colour depth.
package enum Role: String, Sendable, Hashable, CaseIterable {
  /// Ordinary readings and names, and the background of the whole screen.
  case text
  /// What is there for orientation only: units, ages, sources.
  case muted
  /// The name of the screen and of the host.
  case title
  /// Column titles.
  case header
  /// The title of the column that rows are sorted by.
  case headerSorted
  /// Lines around and between panels.
  case border
  /// Laid over the selected row; a foreground of `terminal` keeps the row's own colours.
  case selection
  /// A key in the key bar and in the help.
  case key
  /// What a key does.
  case keyLabel
  /// A key that does nothing here, and why.
  case keyDisabled

  /// Level: as it should be.
  case ok
  /// Level: it will hurt callers, or already hurts some.
  case warning
  /// Level: callers suffer now.
  case critical
  /// A reading that is older than it should be.
  case stale
  /// A level that nothing is known about.
  case unknown

  /// What the eye should find first among equals: addresses, names of mechanisms.
  case accent
  /// Text that a search found.
  case match
  /// The used part of a bar.
  case barFilled
  /// The free part of a bar.
  case barEmpty
  /// Columns of a sparkline and of a histogram.
  case sparkline
  /// Columns of a graph above the threshold.
  case graphHigh

  /// The environment's label where the collector names no colour.
  case environment
  case environmentRed
  case environmentYellow
  case environmentGreen
  case environmentBlue

  /// The screen shows the present.
  case live
  /// The screen stands still on demand.
  case frozen
  /// The screen shows the past.
  case replay
  /// Actions are possible.
  case armed
  /// Actions are not possible.
  case readOnly

  /// Text in a dialog, and its background.
  case dialog
  case dialogTitle
  case dialogBorder
  /// What the operator types.
  case input
  /// A message that something failed.
  case error
  /// A message that something was done.
  case notice
  /// The evidence of a finding.
  case findingText
}

extension Role {
  /// The role of an environment's label by the colour that the collector names, whatever its letter case.
  package static func environment(color: String?) -> Role {
    switch color?.lowercased() {
    case "red": .environmentRed
    case "yellow", "orange": .environmentYellow
    case "green": .environmentGreen
    case "blue": .environmentBlue
    default: .environment
    }
  }
}
