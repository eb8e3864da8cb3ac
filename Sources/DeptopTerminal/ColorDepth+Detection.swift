package import DeptopScreen

extension ColorDepth {
  /// The depth that a terminal is drawn in.
  ///
  /// - Parameters:
  ///   - environment: `NO_COLOR` rules everything out.
  ///   - colors: colours that the loaded terminal type has, 0 for none.
  ///   - isDirect: whether the loaded type's colours are red, green and blue values.
  /// - Returns: the deepest that the type has sequences for.
  ///
  /// `COLORTERM` and `TERM` act earlier, on the choice of the type: a depth that the loaded type has no sequences for
  /// could not be drawn, so only the type is asked here.
  package static func detected(in environment: TerminalEnvironment, colors: Int, isDirect: Bool) -> ColorDepth {
    if environment.refusesColor || colors < 8 { return .mono }
    if isDirect { return colors >= 1 << 24 ? .trueColor : .indexed256 }
    if colors >= 256 { return .indexed256 }
    return colors >= 16 ? .ansi16 : .ansi8
  }
}
