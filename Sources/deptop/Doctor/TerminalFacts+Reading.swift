internal import DeptopDashboard
internal import DeptopScreen
internal import DeptopTerminal
internal import Glibc

extension TerminalFacts {
  /// Reads them without touching the terminal.
  static func current() -> TerminalFacts {
    let environment = TerminalEnvironment.current()
    let description = TerminalDescription(
      oneOf: TerminalType.candidates(in: environment), in: TerminalDescription.folders(Environment.value))
    return TerminalFacts(
      type: environment.type, entry: description?.name, colors: description?.colors,
      refusesColor: environment.refusesColor, characterSet: characterSet, size: size)
  }

  private static var characterSet: String {
    unsafe setlocale(LC_CTYPE, "")
    guard let set = unsafe nl_langinfo(Int32(CODESET)) else { return "" }
    return unsafe String(cString: set)
  }

  private static var size: Size? {
    var window = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
      return nil
    }
    return Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
  }
}
