/// A key as the terminal reported it.
package enum Key: Sendable, Hashable {
  /// A character that was typed; never a control character.
  case character(Character)
  case up, down, left, right, home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete
  /// F1 and up.
  case function(Int)
  /// Ctrl with a lower-case letter or one of `@ \ ] ^ _`.
  ///
  /// Ctrl-c, ctrl-z and ctrl-\ arrive as signals; ctrl-i, ctrl-m, ctrl-j and ctrl-h cannot be told from the keys tab,
  /// enter and backspace.
  case control(Character)
}
