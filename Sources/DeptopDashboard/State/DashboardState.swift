package import DeptopModel
package import DeptopScreen
package import DeptopWire

/// Everything that the screen depends on besides the snapshot and the clock.
///
/// It is changed by ``handle(_:snapshot:now:)`` only, and drawn by ``Dashboard``.
package struct DashboardState: Sendable {
  /// The way to the screen that is shown, which is last; never empty.
  package internal(set) var screens: [Screen] = [.overview]
  /// The screen that was shown before, for going back and forth.
  var lastScreen: Screen?
  package internal(set) var size: Size
  /// Local time; the program tells, for example after a change to summer time.
  package var clock: LocalClock
  package internal(set) var link: LinkState = .connecting
  /// What a collector of another version means for the operator; nil when there is nothing to say.
  package internal(set) var versionNotice: String?

  /// The dependency that is selected in the overview; follows the dependency, not the row.
  package internal(set) var selectedDependency: DependencyID?
  /// False until the first key: the selection stays with the first row, which is the worst.
  var hasChosen = false
  /// The ``DeptopModel/Finding/id`` of the selected finding.
  package internal(set) var selectedFinding: String?
  /// First shown row or line by screen.
  var offsets: [Screen: Int] = [:]
  /// Columns of the overview that are scrolled out at the left.
  var columnOffset = 0

  package internal(set) var sort = SortOrder.worst
  /// How the connections of a dependency are sorted.
  package internal(set) var socketOrder = SocketOrder.worst
  /// What the rows of the clients' screen stand for.
  package internal(set) var grouping = ClientGrouping.service
  /// The selected row of the clients' screen; nil stands for the first.
  var selectedClient: ClientGroup.ID?
  package internal(set) var filter = Filter.none
  /// What was searched for last; empty when nothing was.
  package internal(set) var search = ""
  package internal(set) var frozen: FrozenSnapshot?
  /// The names of the themes to choose from, and which one is in use.
  package internal(set) var themes: [String]
  package internal(set) var themeIndex: Int
  package internal(set) var isASCII: Bool
  /// Until when actions are possible; nil when the dashboard only reads.
  package internal(set) var armedUntil: WallTime?

  package internal(set) var prompt: Prompt?
  /// The highlighted entry of the sort menu; nil while it is closed.
  package internal(set) var sortMenu: Int?
  /// The states to put breakers into; nil while the menu is closed.
  package internal(set) var breakerMenu: BreakerMenu?
  /// The ways of repair; nil while the menu is closed.
  package internal(set) var repairMenu: RepairMenu?
  package internal(set) var dialog: Dialog?
  /// The first line that a dialog shows.
  var dialogOffset = 0
  /// Rows that keep their places, while a dialog or the menu before it is open.
  var heldOrder: [DependencyID]?
  /// The action that was started here, as last reported.
  package internal(set) var followed: [ActionID: ActionStatus] = [:]
  /// Verdicts that wait until nothing else is in front.
  var waitingVerdicts: [ActionStatus] = []
  package internal(set) var notice: Notice?
  /// When ctrl-c was pressed, until another key is.
  var interruptedAt: WallTime?

  package internal(set) var trends: [DependencyID: Trend] = [:]
  /// What clients have reported since the dashboard started.
  var reported: ReportedColumns = []
  var prepared: PreparedSnapshot?
  var preparedSockets: PreparedSockets?
  var preparedClients: PreparedClients?
  /// How many details have arrived so far.
  var details = 0
  package internal(set) var detail: DependencyDetail?
  package internal(set) var detailProblem: String?
  /// Newest first; nil until the collector has answered.
  package internal(set) var audit: [AuditEntry]?
  package internal(set) var auditProblem: String?
  /// What the lab plays; nil without one.
  package internal(set) var scene: LabScene?
  /// Why the lab is gone; nil while it runs, and without one.
  package internal(set) var labEnd: String?
  /// Scenarios that cannot be played on this host, each with its reason.
  package internal(set) var leftOut: [String] = []
  let bindings: KeyBindings

  /// The state that a dashboard starts in: connecting, and unless it is armed, only reading.
  ///
  /// - Parameters:
  ///   - size: the terminal's.
  ///   - themes: names to choose from; at least one.
  ///   - theme: the name of the one in use.
  ///   - isASCII: whether the terminal shows ASCII only.
  ///   - armedUntil: given when the dashboard was started with the right to act.
  ///   - clock: local time.
  ///   - bindings: the table of keys.
  package init(
    size: Size, themes: [String] = ["dark"], theme: String? = nil, isASCII: Bool = false, armedUntil: WallTime? = nil,
    clock: LocalClock = LocalClock(), bindings: KeyBindings = .standard
  ) {
    self.size = size
    self.themes = themes
    themeIndex = theme.flatMap { themes.firstIndex(of: $0) } ?? 0
    self.isASCII = isASCII
    self.armedUntil = armedUntil
    self.clock = clock
    self.bindings = bindings
  }

  /// How long actions stay possible after they were made so.
  package static let armedTime = Duration.seconds(600)

  package var screen: Screen { screens.last ?? .overview }
  package var glyphs: Glyphs { isASCII ? .ascii : .unicode }
  package func isArmed(at now: WallTime) -> Bool { armedUntil.map { $0 > now } ?? false }
  /// The snapshot to draw: the one that was kept when the display was frozen, if it was.
  package func shown(_ snapshot: Snapshot?) -> Snapshot? { frozen?.snapshot ?? snapshot }
}

/// What the display stands still at.
package struct FrozenSnapshot: Sendable, Hashable {
  package var snapshot: Snapshot
  package var at: WallTime
  var trends: [DependencyID: Trend]
}

extension DashboardState {
  /// The rows of a snapshot; out of store unless it, the sort or the filter has changed since they were made.
  func rows(of snapshot: Snapshot) -> PreparedSnapshot {
    let key = PreparedSnapshot.Key(
      sequence: snapshot.sequence, collectorStartedAt: snapshot.collector.startedAt, sort: sort, filter: filter,
      held: heldOrder)
    if let prepared, prepared.key == key { return prepared }
    return PreparedSnapshot(snapshot, key: key)
  }

  /// The dependency that an action key is about; nil when none is selected.
  package func focusedDependency(_ snapshot: Snapshot?) -> DependencyID? {
    switch screen {
    case .overview: selectedDependency
    case .detail(let dependency): dependency
    case .findings: snapshot?.findings.first { $0.id == selectedFinding }?.dependency
    case .clients: snapshot.flatMap { selectedGroup(of: $0)?.uses.first?.dependency }
    case .sources, .actions, .namespaces, .help: nil
    }
  }
}
