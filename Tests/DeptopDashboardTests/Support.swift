import DeptopDashboard
import DeptopModel
import DeptopScreen
import DeptopThemes

/// A dashboard with its snapshot and its clock, driven by keys.
struct Bench {
  var state: DashboardState
  var snapshot: Snapshot?
  var now = Fixture.now
  /// The effects of everything since the last look.
  private(set) var effects: [Effect] = []

  init(
    _ snapshot: Snapshot?, columns: Int = 120, rows: Int = 36, isASCII: Bool = false, isArmed: Bool = false,
    link: LinkState = .live(roundTrip: .milliseconds(48))
  ) {
    self.snapshot = snapshot
    state = DashboardState(
      size: Size(columns: columns, rows: rows), themes: ["dark", "light", "mono"], isASCII: isASCII,
      armedUntil: isArmed ? Fixture.now + .seconds(600) : nil)
    send(.linkChanged(link))
    if snapshot != nil { send(.snapshotReceived) }
    effects = []
  }

  mutating func send(_ input: DashboardInput) {
    effects += state.handle(input, snapshot: snapshot, now: now)
  }

  mutating func press(_ keys: Key...) { for key in keys { send(.key(key)) } }

  mutating func type(_ text: String) { for character in text { press(.character(character)) } }

  mutating func wait(_ duration: Duration) {
    now = now + duration
    send(.tick)
  }

  /// Exchanges the snapshot for the next one.
  mutating func receive(_ change: (inout Snapshot) -> Void) {
    guard var next = snapshot else { return }
    next.sequence += 1
    next.takenAt = now
    change(&next)
    snapshot = next
    send(.snapshotReceived)
  }

  mutating func takeEffects() -> [Effect] {
    defer { effects = [] }
    return effects
  }

  func canvas(theme: String = "dark", at depth: ColorDepth = .mono) throws -> Canvas {
    Dashboard.draw(snapshot, state: state, inks: try Theme.named(theme).inks(at: depth), now: now)
  }

  func screen() throws -> String { try canvas().text().joined(separator: "\n") }

  /// The first row of the screen that has a text in it.
  func row(of text: String) throws -> Int? { try canvas().text().firstIndex { $0.contains(text) } }
}
