internal import DeptopModel
internal import DeptopScreen

extension KeyBindings {
  /// The keys that the dashboard starts with; the order is that of help and key bar.
  package static let standard = KeyBindings(movement + screens + finding + actions + display + program)

  private static let movement: [KeyBinding] = [
    KeyBinding([.character("k"), .up], .moveUp, .move, "one row up"),
    KeyBinding([.character("j"), .down], .moveDown, .move, "one row down"),
    KeyBinding([.character("h"), .left], .scrollLeft, .move, "columns further left"),
    KeyBinding([.character("l"), .right], .scrollRight, .move, "columns further right"),
    KeyBinding([.character("g"), .home], .moveToFirst, .move, "first row"),
    KeyBinding([.character("G"), .end], .moveToLast, .move, "last row"),
    KeyBinding([.pageUp], .pageUp, .move, "one page up"),
    KeyBinding([.pageDown], .pageDown, .move, "one page down"),
    KeyBinding([.control("u")], .halfPageUp, .move, "half a page up"),
    KeyBinding([.control("d")], .halfPageDown, .move, "half a page down"),
  ]

  private static let screens: [KeyBinding] = [
    KeyBinding(
      [.character("?"), .function(1), .character("7")], .showHelp, .screens, "this help", hint: "help"),
    KeyBinding(
      [.enter], .open, .screens, "open the selected dependency", hint: "open", unavailable: Availability.open),
    KeyBinding([.escape], .back, .screens, "back; takes search and filter away", hint: "back"),
    KeyBinding([.character("-")], .lastScreen, .screens, "the screen before"),
    KeyBinding([.tab], .nextScreen, .screens, "next screen"),
    KeyBinding([.backTab], .previousScreen, .screens, "previous screen"),
    KeyBinding([.character("1")], .showOverview, .screens, "overview"),
    KeyBinding([.character("2")], .showFindings, .screens, "findings with their evidence"),
    KeyBinding([.character("3")], .showSources, .screens, "sources and how they are doing"),
    KeyBinding([.character("4")], .showActions, .screens, "actions and audit"),
    KeyBinding([.character("5")], .showNamespaces, .screens, "network namespaces and their counters"),
    KeyBinding([.character("6")], .showClients, .screens, "clients: services or processes and what they call"),
  ]

  private static let finding: [KeyBinding] = [
    KeyBinding([.character("/"), .function(3)], .search, .find, "search for a name", hint: "search"),
    KeyBinding([.character("n")], .searchNext, .find, "next match", unavailable: Availability.search),
    KeyBinding([.character("N")], .searchPrevious, .find, "previous match", unavailable: Availability.search),
    KeyBinding(
      [.character("\\"), .function(4)], .filter, .find, "filter: words, level:critical, kind:redis, !not",
      hint: "filter"),
    KeyBinding(
      [.character("s"), .function(6)], .sortMenu, .find, "sort rows, or the sockets of a dependency", hint: "sort"),
    KeyBinding([.character("I")], .invertSort, .find, "invert the order"),
    KeyBinding(
      [.character("v")], .regroup, .find, "clients by service or by process", hint: "group",
      unavailable: Availability.regroup),
  ]

  private static let actions: [KeyBinding] = [
    KeyBinding(
      [.character("D")], .drain, .act, "drain stale connections: shows the plan first", hint: "drain",
      unavailable: Availability.action(.drain)),
    KeyBinding(
      [.character("R")], .resolve, .act, "make the client resolve again: shows the plan first", hint: "resolve",
      unavailable: Availability.action(.resolve)),
    KeyBinding(
      [.character("B")], .breaker, .act, "put the clients' breakers into a state: shows the plan first",
      hint: "breaker", unavailable: Availability.action(.breaker)),
    KeyBinding(
      [.character("K")], .repair, .act, "repair connections: shows the plan first", hint: "repair",
      unavailable: Availability.action(.repair)),
    KeyBinding(
      [.character("X")], .abort, .act, "stop the running action", unavailable: Availability.abort),
    KeyBinding([.character("L")], .nextScenario, .act, "the lab's next scenario", hint: "next", needsLab: true),
  ]

  private static let display: [KeyBinding] = [
    KeyBinding([.character("z")], .freeze, .display, "freeze the display; collection goes on", hint: "freeze"),
    KeyBinding([.character("T")], .nextTheme, .display, "next theme", hint: "theme"),
    KeyBinding([.character("A")], .toggleASCII, .display, "signs in ASCII or Unicode"),
    KeyBinding([.control("l")], .redraw, .display, "draw everything again"),
  ]

  private static let program: [KeyBinding] = [
    KeyBinding(
      [.character("y")], .copy, .program, "copy the row to the clipboard", unavailable: Availability.copy),
    KeyBinding([.character(":")], .commandLine, .program, "command line, completed by Tab", hint: "command"),
    KeyBinding([.control("c")], .interrupt, .program, "leave a dialog; twice: quit"),
    KeyBinding([.character("q"), .function(10)], .quit, .program, "quit; running actions go on", hint: "quit"),
  ]
}
