internal import DeptopModel
internal import DeptopWire

/// The words of the command line, with their completion.
package enum CommandLanguage {
  /// One word that the command line knows.
  package struct Entry: Sendable, Hashable {
    package var word: String
    package var arguments: String
    package var description: String
    /// True for a word that is of no use, and not shown in the help, without a lab.
    package var needsLab = false
  }

  /// Every word, in the order of the help.
  package static let entries: [Entry] = [
    Entry(word: "arm", arguments: "", description: "allow actions for ten minutes"),
    Entry(word: "disarm", arguments: "", description: "only read again"),
    Entry(word: "drain", arguments: "[stale|idle|all]", description: "plan a drain of what is selected"),
    Entry(word: "resolve", arguments: "", description: "plan a resolution for what is selected"),
    Entry(word: "breaker", arguments: "STATE", description: "plan a breaker's state for what is selected"),
    Entry(word: "repair", arguments: "METHOD", description: "plan a repair of what is selected: prove, close, unstick"),
    Entry(word: "sort", arguments: "COLUMN", description: "sort by a column; again to invert"),
    Entry(word: "filter", arguments: "QUERY", description: "show what matches; empty shows all"),
    Entry(word: "theme", arguments: "NAME", description: "use a theme"),
    Entry(word: "overview", arguments: "", description: "the table of dependencies"),
    Entry(word: "findings", arguments: "", description: "findings with their evidence"),
    Entry(word: "sources", arguments: "", description: "sources and how they are doing"),
    Entry(word: "actions", arguments: "", description: "actions and audit"),
    Entry(word: "namespaces", arguments: "", description: "network namespaces and their counters"),
    Entry(word: "clients", arguments: "", description: "services or processes and what they call"),
    Entry(
      word: "lab", arguments: "[next|play|fault]", description: "tell the lab what to play or to break",
      needsLab: true),
    Entry(word: "help", arguments: "", description: "keys and words"),
    Entry(word: "quit", arguments: "", description: "leave; running actions go on"),
  ]

  /// What a line asks for.
  enum Request: Sendable, Hashable {
    case arm, disarm, quit
    case act(ActionVerb, ActionScope)
    case breaker(BreakerState)
    case repair(RepairMethod)
    case sort(ColumnID)
    case filter(String)
    case theme(String)
    case show(Screen)
    case lab(LabRequest)
    case nothing
  }

  /// Why a line means nothing.
  struct Problem: Error, Hashable {
    var text: String
  }

  /// Reads a line; the beginning of a word is enough where only one word starts so.
  static func parse(_ line: String, themes: [String]) throws(Problem) -> Request {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard let first = parts.first else { return .nothing }
    let argument = parts.count > 1 ? parts[1].split(separator: " ").joined(separator: " ") : ""
    switch try word(String(first)) {
    case "arm": return .arm
    case "disarm": return .disarm
    case "quit": return .quit
    case "resolve": return .act(.resolve, .stale)
    case "drain": return .act(.drain, try scope(argument))
    case "breaker": return .breaker(try state(argument))
    case "repair": return .repair(try method(argument))
    case "filter": return .filter(argument)
    case "sort": return .sort(try column(argument))
    case "theme": return .theme(try choice(argument, of: themes, called: "theme"))
    case "lab": return .lab(try labRequest(argument))
    case let word: return .show(screen(word))
    }
  }

  /// The longest completion of what is typed, and the choices left when there is more than one.
  static func complete(_ line: String, themes: [String]) -> (line: String, choices: [String]) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard let last = parts.last else { return (line, []) }
    let known: [String] =
      switch parts.count {
      case 1: entries.map(\.word)
      case 2: arguments(of: parts[0], themes: themes)
      default: []
      }
    let choices = known.filter { $0.hasPrefix(last) }
    guard let first = choices.first else { return (line, []) }
    let common = choices.dropFirst().reduce(first) { commonPrefix($0, $1) }
    let head = parts.dropLast().map { $0 + " " }.joined()
    let isWhole =
      choices.count == 1 && parts.count == 1 && entries.contains { $0.word == first && !$0.arguments.isEmpty }
    return (head + common + (isWhole ? " " : ""), choices.count > 1 ? choices : [])
  }

  private static func arguments(of word: String, themes: [String]) -> [String] {
    switch word {
    case "sort": ColumnID.sortable.map(\.rawValue)
    case "theme": themes
    case "drain": ActionScope.allCases.map(\.rawValue)
    case "breaker": BreakerState.allCases.map(\.rawValue)
    case "repair": RepairMethod.allCases.map(\.rawValue)
    case "lab": labWords
    default: []
    }
  }

  private static func word(_ typed: String) throws(Problem) -> String {
    // `:q` is in too many fingers to be asked which word it begins.
    if typed == "q" || typed == "q!" { return "quit" }
    return try choice(typed, of: entries.map(\.word), called: "command")
  }

  private static func scope(_ typed: String) throws(Problem) -> ActionScope {
    guard !typed.isEmpty else { return .stale }
    let word = try choice(typed, of: ActionScope.allCases.map(\.rawValue), called: "scope")
    return ActionScope(rawValue: word) ?? .stale
  }

  private static func state(_ typed: String) throws(Problem) -> BreakerState {
    let word = try choice(typed, of: BreakerState.allCases.map(\.rawValue), called: "state")
    return BreakerState(rawValue: word) ?? .closed
  }

  private static func method(_ typed: String) throws(Problem) -> RepairMethod {
    let word = try choice(typed, of: RepairMethod.allCases.map(\.rawValue), called: "way of repair")
    return RepairMethod(rawValue: word) ?? .prove
  }

  private static func column(_ typed: String) throws(Problem) -> ColumnID {
    let word = try choice(typed, of: ColumnID.sortable.map(\.rawValue), called: "column")
    return ColumnID(rawValue: word) ?? .worst
  }

  private static func screen(_ word: String) -> Screen {
    switch word {
    case "findings": .findings
    case "sources": .sources
    case "actions": .actions
    case "namespaces": .namespaces
    case "clients": .clients
    case "help": .help
    default: .overview
    }
  }

  private static func choice(_ typed: String, of known: [String], called: String) throws(Problem) -> String {
    if known.contains(typed) { return typed }
    let candidates = typed.isEmpty ? [] : known.filter { $0.hasPrefix(typed) }
    if candidates.count == 1, let only = candidates.first { return only }
    let list = (candidates.isEmpty ? known : candidates).joined(separator: ", ")
    let start = typed.isEmpty ? "a \(called) is missing" : "no single \(called) \u{22}\(typed)\u{22}"
    throw Problem(text: "\(start): \(list)")
  }

  private static func commonPrefix(_ left: String, _ right: String) -> String {
    String(zip(left, right).prefix { $0 == $1 }.map(\.0))
  }
}
