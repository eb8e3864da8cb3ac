import CCurses
package import DeptopScreen
import Glibc

/// The terminal that the dashboard draws on and reads keys from.
///
/// Owned by one thread. A process has at most one; it gives the terminal back at the end of its life, and also on
/// `exit`, on a crash and on SIGQUIT. ncurses computes what to send but never writes: the bytes go out here, without
/// blocking, and a new frame is drawn only when the terminal took the one before.
package struct Terminal: ~Copyable {
  /// The terminfo entry in use.
  package let type: TerminalType
  /// The colours that canvases may use.
  package let colorDepth: ColorDepth
  /// Whether canvases may use more than ASCII.
  package let encoding: CharacterEncoding
  /// The terminal's size, at least 1×1.
  package internal(set) var size: Size
  /// Ends a wait from another thread.
  package let waker: TerminalWaker

  let line: TerminalLine
  let capture: FrameCapture
  let signals: Descriptor
  var reader: KeyReader
  let screen: CursesScreen
  var modes: TerminalModes
  var painter: Painter
  var compactor: FrameCompactor?
  var output = OutputQueue()
  var gate = InputGate()
  var gateDeadline: ContinuousClock.Instant?
  /// The newest canvas; drawn once the terminal took the last frame.
  var wanted: Canvas?
  var isStale = false
  var cursor: Position?
  var isEnded = false

  /// Blocks the signals that the terminal handles, in this thread and in all that it starts.
  ///
  /// Call it first in `main`, before any other thread exists; a thread without the block would be interrupted or
  /// ended by them. A child process inherits the block: give it an empty mask when it is spawned.
  package static func blockSignals() { ccurses_block_signals() }

  /// Takes over the terminal that a descriptor refers to.
  ///
  /// - Parameters:
  ///   - descriptor: Refers to the terminal.
  ///   - environment: Tells the terminal's type and the locale.
  ///   - waker: One that was made before the terminal, to be used by others already; nil for a new one.
  /// - Returns: The terminal, in raw mode and without anything drawn.
  /// - Throws: ``TerminalError``, with the terminal as it was.
  package static func open(
    _ descriptor: CInt = STDOUT_FILENO, environment: TerminalEnvironment = .current(), waker: TerminalWaker? = nil
  ) throws(TerminalError) -> Terminal {
    let line = try TerminalLine(descriptor)
    let encoding = CharacterEncoding.adopt(environment)
    let capture = try FrameCapture()
    let reader = try KeyReader()
    let waker = if let waker { waker } else { try TerminalWaker() }
    let signals = try Descriptor(ccurses_signals(), for: "receive signals")
    let screen = try CursesScreen(environment: environment, input: reader.descriptor, output: capture.descriptor)
    let hasColor = !environment.refusesColor && ccurses_start_color()
    let colorDepth = ColorDepth.detected(
      in: environment, colors: hasColor ? Int(ccurses_colors()) : 0, isDirect: ccurses_has_direct_color())
    // What ncurses sent to set the terminal up assumed the size of the terminal type; ours is sent instead.
    _ = capture.take()
    try line.takeOver()
    var terminal = Terminal(
      line: line, capture: capture, signals: signals, reader: reader, screen: screen, waker: waker,
      encoding: encoding, colorDepth: colorDepth)
    terminal.enter()
    return terminal
  }

  private init(
    line: consuming TerminalLine, capture: consuming FrameCapture, signals: consuming Descriptor,
    reader: consuming KeyReader, screen: consuming CursesScreen, waker: TerminalWaker, encoding: CharacterEncoding,
    colorDepth: ColorDepth
  ) {
    let size = line.size ?? Size(columns: 80, rows: 24)
    self.size = size
    type = screen.type
    modes = screen.modes(rows: size.rows)
    compactor = screen.compactor()
    painter = Painter(depth: colorDepth, pairLimit: ccurses_pairs(), size: size)
    self.line = line
    self.capture = capture
    self.signals = signals
    self.reader = reader
    self.screen = screen
    self.waker = waker
    self.encoding = encoding
    self.colorDepth = colorDepth
  }

  deinit { leave() }

  /// Gives the terminal back.
  package consuming func close() {}
}
