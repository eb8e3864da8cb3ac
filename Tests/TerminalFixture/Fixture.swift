import DeptopScreen
import DeptopTerminal
import Glibc
import TerminalFixtureScreens

/// A program that does with the terminal what its keys say, for tests that look at it from outside.
@main
struct Fixture: ~Copyable {
  private struct Refusal: Error {}

  private var terminal: Terminal
  private var screen = FixtureScreen()
  private var isDone = false
  private var tick: Duration?
  private var watched: [CInt] = []

  static func main() {
    Terminal.blockSignals()
    do {
      var fixture = Fixture(
        terminal: try Terminal.open(), screen: FixtureScreen(), isDone: false, tick: tick(CommandLine.arguments),
        watched: [])
      try fixture.run()
    } catch {
      let message = Array("terminal-fixture: \(error)\n".utf8)
      _ = unsafe message.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
      exit(1)
    }
  }

  private static func tick(_ arguments: [String]) -> Duration? {
    arguments.dropFirst().first.flatMap(Int.init).map { .milliseconds($0) }
  }

  private mutating func run() throws {
    screen.status = "\(terminal.type.used) \(terminal.colorDepth.rawValue) \(terminal.encoding)"
    draw()
    var next = ContinuousClock.now
    while !isDone {
      if let tick { next += tick }
      repeat {
        let readiness = terminal.wait(
          for: watched, timeout: tick.map { _ in max(.zero, ContinuousClock.now.duration(to: next)) })
        for event in readiness.events { try handle(event) }
        if readiness.isWoken { screen.status = "woken" }
        if !readiness.readable.isEmpty { takeReadable(readiness.readable) }
        if !readiness.isTimeout { draw() }
        if isDone { return }
      } while tick != nil && ContinuousClock.now < next
      if tick != nil { change() }
    }
  }

  private mutating func change() {
    screen.clock += 1
    if screen.clock % 3 == 0 { screen.seed += 1 }
    draw()
  }

  private mutating func draw() { terminal.present(screen.canvas(terminal.size)) }

  private mutating func handle(_ event: TerminalEvent) throws {
    switch event {
    case .key(let key):
      if case .character(let character) = key, try act(on: character) { return }
      if key == .down { screen.selection += 1 }
      if key == .up { screen.selection = max(0, screen.selection - 1) }
      if key == .control("l") { terminal.redraw() }
      screen.status = "key \(key)"
    case .paste(let text): screen.status = "paste \(text.count) \(text.prefix(20))"
    case .resize(let size): screen.status = "size \(size.columns)x\(size.rows)"
    case .resumed: screen.status = "resumed"
    case .termination, .endOfInput: isDone = true
    }
  }

  private mutating func act(on character: Character) throws -> Bool {
    switch character {
    case "q": isDone = true
    case "c": screen.clock += 1
    case "n": screen.seed += 1
    case "t": screen.content = .table
    case "w": screen.content = .wide
    case "h": screen.content = .heat
    case "i": terminal.placeCursor(at: Position(column: 5, row: 2))
    case "o": terminal.placeCursor(at: nil)
    case "y": screen.status = "copied \(terminal.copyToClipboard("orders-db"))"
    case "b": flood()
    case "m": screen.content = .mosaic
    case "k":
      let waker = terminal.waker
      Task.detached { waker.wake() }
    case "p": watchPipe()
    case "e": exit(3)
    case "E": throw Refusal()
    case "a": abort()
    case "x": preconditionFailure("asked to")
    default: return false
    }
    return true
  }

  private mutating func watchPipe() {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return }
    var byte: UInt8 = 1
    _ = unsafe write(ends[1], &byte, 1)
    close(ends[1])
    watched.append(ends[0])
  }

  private mutating func takeReadable(_ descriptors: [CInt]) {
    for descriptor in descriptors { close(descriptor) }
    watched.removeAll { descriptors.contains($0) }
    screen.status = "readable \(descriptors.count)"
  }

  /// More frames at once than any terminal takes.
  private mutating func flood() {
    screen.content = .heat
    for _ in 0..<20 {
      screen.seed += 1
      draw()
    }
  }
}
