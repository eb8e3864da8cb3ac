internal import ArgumentParser
internal import DeptopConnection
internal import DeptopDashboard
internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials

/// What every command that acts has in common: plan, question, execution, verdict.
struct ActionOptions: ParsableArguments {
  @OptionGroup var collector: CollectorOptions
  @OptionGroup var format: FormatOptions

  @Flag(help: "Print the plan and its id, and stop.")
  var dryRun = false

  @Option(help: "Execute exactly this stored plan.")
  var plan: String?

  @Flag(help: "Do not ask.")
  var yes = false

  @Option(help: "Why; kept in the audit.")
  var reason: String?

  func validate() throws {
    if dryRun && plan != nil { throw ValidationError("--dry-run makes a plan and --plan executes one: choose") }
  }

  /// Makes or fetches the plan, asks, executes it and prints the verdict.
  func run(_ request: PlanRequest) async throws {
    if !dryRun && !Output.isTerminal && !(yes && reason != nil) {
      throw ValidationError("without a terminal to ask on, --yes and --reason are needed")
    }
    let connection = collector.connection
    let plan = try await plan(for: request, connection)
    try await show(plan, connection)
    if dryRun { return }
    guard yes || isConfirmed(plan) else {
      Output.write("not confirmed: nothing was done\n")
      throw ExitStatus.aborted.asError
    }
    let execute = ExecuteRequest(plan: plan.id, idempotencyKey: UUID().uuidString, reason: reason)
    let started = try await connection.post(API.actions, execute, as: ActionStatus.self)
    try await follow(started, connection)
  }

  private func plan(for request: PlanRequest, _ connection: CollectorConnection) async throws -> Plan {
    guard let id = plan else { return try await connection.post(API.plans, request, as: Plan.self) }
    let stored = try await connection.get("\(API.plans)/\(PercentEncoding.encode(id))", as: Plan.self)
    guard stored.request.verb == request.verb, stored.request.dependency == request.dependency else {
      throw ValidationError(
        "plan \(id) is a \(stored.request.verb.rawValue) of \(stored.request.dependency), "
          + "not a \(request.verb.rawValue) of \(request.dependency)")
    }
    return stored
  }

  private func show(_ plan: Plan, _ connection: CollectorConnection) async throws {
    if format.json {
      Output.write(try WireCoding().encodeLine(plan))
    } else {
      let host = try await connection.get(API.snapshot, as: Snapshot.self).host
      Output.write(text.plan(plan, host: host))
    }
  }

  private func isConfirmed(_ plan: Plan) -> Bool {
    Output.write(text.question(for: plan))
    guard let answer = readLine() else { return false }
    switch plan.confirmation {
    case .key: return ["y", "yes"].contains(answer.lowercased())
    case .typeName: return answer == plan.request.dependency.rawValue
    }
  }

  private func follow(_ started: ActionStatus, _ connection: CollectorConnection) async throws {
    var shown = 0
    var last = started
    do throws(CollectorError) {
      try await connection.lines("\(API.actions)/\(started.id)/stream") { line in
        last = try WireCoding().decode(ActionStatus.self, from: line)
        if format.json {
          Output.write(line + [UInt8(ascii: "\n")])
        } else {
          for entry in last.progress.dropFirst(shown) { Output.write("  " + text.progress(entry) + "\n") }
          shown = last.progress.count
        }
      }
    } catch {
      // A collector that died ends the stream in the middle, one that shut down at its end: both are told below.
      guard case .lost = error else { throw error }
    }
    guard let verdict = last.verdict else {
      throw CollectorError.lost("the collector was lost while \(started.id) ran; deptop audit will tell how it ended")
    }
    if !format.json { Output.write(text.verdict(of: last)) }
    if verdict.outcome != .healed { throw ExitStatus(verdict.outcome).asError }
  }

  private var text: ActionText { ActionText(glyphs: Output.glyphs, clock: .current()) }
}
