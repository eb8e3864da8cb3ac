/// Something that a key can ask for.
package enum Command: String, Sendable, Hashable, CaseIterable {
  case moveUp, moveDown, scrollLeft, scrollRight, moveToFirst, moveToLast
  case pageUp, pageDown, halfPageUp, halfPageDown
  case nextScreen, previousScreen, showOverview, showFindings, showSources, showActions
  case showNamespaces, showClients, showHelp
  case open, back, lastScreen
  case search, searchNext, searchPrevious, filter, sortMenu, invertSort, regroup
  case freeze, nextTheme, toggleASCII, copy, commandLine
  case drain, resolve, breaker, repair, abort
  case nextScenario
  case redraw, interrupt, quit
}
