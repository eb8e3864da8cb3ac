/// The terminfo entry that the terminal is driven by, and what was asked for.
package struct TerminalType: Sendable, Hashable {
  /// `TERM`, without anything but printable ASCII; nil when it was not set.
  package let requested: String?
  /// The name of the entry that loaded.
  package let used: String

  /// A sentence for the user when the type that the environment names is not the one in use, else nil.
  ///
  /// The same terminal's 24-bit or 256-colour entry is no reason to tell.
  package var substitution: String? {
    guard let requested else { return "TERM is not set: drawing as \(used)" }
    let base = TerminalType.base(of: requested)
    if used == requested || used == base + "-direct" || used == base + "-256color" { return nil }
    if used == "xterm-direct", TerminalType.isLikeXterm(base) { return nil }
    return "terminal type \(requested) is not known on this host: drawing as \(used)"
  }

  /// The terminfo entries to try, best first.
  ///
  /// 1. When 24-bit colour is announced and not refused: the type's own `-direct` entry, and `xterm-direct` for what
  ///    calls itself an xterm; for a plain `xterm` then `xterm-256color`, as its own entry has eight colours only.
  /// 2. `TERM` itself.
  /// 3. `TERM` shortened at its last `-` or `.`, again and again: `xterm-ghostty` → `xterm`.
  /// 4. `xterm-256color`, `xterm`, `vt100`, `ansi`: what nearly every terminal of today understands.
  ///
  /// A terminal that says it is `dumb` is believed.
  package static func candidates(in environment: TerminalEnvironment) -> [String] {
    let type = environment.type.map(printable) ?? ""
    if type == "dumb" { return [type] }
    var names: [String] = []
    if !type.isEmpty {
      if environment.announcesTrueColor, !environment.refusesColor { names += directNames(of: type) }
      names.append(type)
      names += shortened(type)
    }
    names += ["xterm-256color", "xterm", "vt100", "ansi"]
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// Keeps a name fit for a message: printable ASCII without spaces.
  static func printable(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.filter { (0x21...0x7e).contains($0.value) }))
  }

  private static func directNames(of type: String) -> [String] {
    let base = base(of: type)
    var names = [base + "-direct"]
    if isLikeXterm(base) { names.append("xterm-direct") }
    if type == "xterm" { names.append("xterm-256color") }
    return names
  }

  private static func isLikeXterm(_ base: String) -> Bool { base == "xterm" || base.hasPrefix("xterm-") }

  private static func base(of type: String) -> String {
    for suffix in ["-256color", "-88color", "-16color", "-direct"] where type.hasSuffix(suffix) {
      return String(type.dropLast(suffix.count))
    }
    return type
  }

  private static func shortened(_ type: String) -> [String] {
    var names: [String] = []
    var rest = type[...]
    while let cut = rest.lastIndex(where: { $0 == "-" || $0 == "." }), cut > rest.startIndex {
      rest = rest[..<cut]
      names.append(String(rest))
    }
    return names
  }
}
