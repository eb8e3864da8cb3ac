internal import DeptopModel
internal import DeptopWire

/// Who an agent is to the collector: two users may choose the same id without meeting.
struct AgentKey: Sendable, Hashable {
  /// How a reporter hands in what it says.
  enum Kind: String, Sendable, Hashable {
    case agent, otlp
  }

  var uid: UInt32
  var id: String
  var kind = Kind.agent
}

/// The agents that report, and the commands that they were given: decisions without I/O.
struct AgentLedger: Sendable {
  /// An agent that reports more often than every other second still has this long.
  static let shortestPatience = Duration.seconds(5)
  static let longestPatience = Duration.seconds(300)
  /// The time that an agent has for its second report, when nobody knows how often it reports.
  static let firstPatience = Duration.seconds(30)
  static let firstExportPatience = Duration.seconds(90)
  /// How long the rows of a silent agent stay.
  static let rowsKept = Duration.seconds(60)
  /// Agents of one user, and commands kept of one agent.
  static let agentsPerUser = 1000
  static let commandsKept = 32

  private(set) var agents: [AgentKey: Agent] = [:]

  /// One agent.
  struct Agent: Sendable {
    var client: ClientIdentity
    var status: SourceStatus
    var lastReportAt: WallTime
    var reports = 1
    /// Dependencies in its last report.
    var dependencies = 0
    /// Starts at the time in milliseconds: a number that an earlier collector gave does not come again.
    var nextCommand: UInt64
    /// Commands whose end is not known, and the last ones that ended.
    var commands: [UInt64: Issued] = [:]
    /// How many follow its command stream now.
    var followers = 0
  }

  /// A command and what the agent said of it; nil while it said nothing.
  struct Issued: Sendable {
    var command: AgentCommand
    var result: AgentResult?

    var isOver: Bool { result.map { $0.state != .running } ?? false }
    /// True when it is still to be done.
    var isAwaited: Bool { !isOver && command.isCancelled != true }
  }

  /// Takes a report's arrival.
  ///
  /// - Returns: The agent's status as a source.
  mutating func report(
    _ key: AgentKey, client: ClientIdentity, dependencies: Int, at now: WallTime
  ) throws(Refusal) -> SourceStatus {
    guard var agent = agents[key] else {
      return try admit(key, client: client, dependencies: dependencies, at: now)
    }
    guard key.kind == .otlp || agent.client.cgroup == client.cgroup || agent.status.isSilent else {
      throw Refusal(
        .forbidden,
        "agent \(key.id) reports from another control group (\(agent.client.cgroup ?? "none")); choose another id")
    }
    let gap = now - agent.lastReportAt
    agent.status.interval = agent.reports == 1 ? gap : max(gap, agent.status.interval * 0.8)
    agent.reports += 1
    agent.client = client
    agent.lastReportAt = now
    agent.dependencies = dependencies
    agent.status.state = .ok
    agent.status.error = nil
    agent.status.consecutiveFailures = 0
    agent.status.lastSuccessAt = now
    agents[key] = agent
    return agent.status
  }

  private mutating func admit(
    _ key: AgentKey, client: ClientIdentity, dependencies: Int, at now: WallTime
  ) throws(Refusal) -> SourceStatus {
    guard agents.keys.count(where: { $0.uid == key.uid }) < AgentLedger.agentsPerUser else {
      throw Refusal(.tooMany, "uid \(key.uid) has \(AgentLedger.agentsPerUser) agents already; no more are accepted")
    }
    var status = SourceStatus(id: sourceID(of: key), interval: .zero)
    status.state = .ok
    status.firstAttemptAt = now
    status.lastSuccessAt = now
    agents[key] = Agent(
      client: client, status: status, lastReportAt: now, dependencies: dependencies,
      nextCommand: UInt64(max(1, now.secondsSinceEpoch * 1000)))
    return status
  }

  /// `agent/ID` or `otlp/ID`, with the user where another user's agent has the name already.
  private func sourceID(of key: AgentKey) -> SourceID {
    let plain = SourceID(rawValue: "\(key.kind)/\(key.id)")
    return agents.values.contains { $0.status.id == plain } ? SourceID(rawValue: "\(plain)#\(key.uid)") : plain
  }

  /// How long the next report may take.
  func patience(with key: AgentKey) -> Duration {
    guard let status = agents[key]?.status, status.interval > .zero else {
      // OTLP's exporters wait 60 s between two exports unless told otherwise (OTEL_METRIC_EXPORT_INTERVAL).
      return key.kind == .otlp ? AgentLedger.firstExportPatience : AgentLedger.firstPatience
    }
    return (status.interval * 3).clamped(to: AgentLedger.shortestPatience...AgentLedger.longestPatience)
  }

  /// What became of agents that do not report any more.
  struct Expiry: Sendable {
    var silent: [SourceStatus] = []
    var gone: [SourceID] = []
  }

  /// Finds the agents that have fallen silent, and forgets those that have been so for long.
  mutating func expire(at now: WallTime) -> Expiry {
    var expiry = Expiry()
    for (key, agent) in agents {
      let silence = now - agent.lastReportAt
      let patience = patience(with: key)
      if silence > patience + AgentLedger.rowsKept {
        agents[key] = nil
        expiry.gone.append(agent.status.id)
      } else if silence > patience, !agent.status.isSilent {
        agents[key]?.status.state = .failing
        agents[key]?.status.error = "no report for \(Int(silence.seconds)) s"
        agents[key]?.status.consecutiveFailures = 1
        if let status = agents[key]?.status { expiry.silent.append(status) }
      }
    }
    return expiry
  }
}

extension AgentLedger {
  /// The agent that is a source; nil when there is none.
  func key(of source: SourceID) -> AgentKey? { agents.first { $0.value.status.id == source }?.key }

  /// Stores a command for an agent.
  ///
  /// - Returns: The command with its number; nil when the agent is gone.
  mutating func issue(_ key: AgentKey, _ make: (UInt64) -> AgentCommand) -> AgentCommand? {
    guard var agent = agents[key] else { return nil }
    let command = make(agent.nextCommand)
    agent.nextCommand += 1
    agent.commands[command.number] = Issued(command: command)
    for number in agent.commands.keys.sorted().dropLast(AgentLedger.commandsKept) { agent.commands[number] = nil }
    agents[key] = agent
    return command
  }

  /// Withdraws a command whose end is not known; it is not told again.
  ///
  /// - Returns: The command as it is told now; nil when there is nothing to withdraw.
  mutating func cancel(_ number: UInt64, of key: AgentKey) -> AgentCommand? {
    guard var issued = agents[key]?.commands[number], !issued.isOver, issued.command.isCancelled != true else {
      return nil
    }
    issued.command.isCancelled = true
    agents[key]?.commands[number] = issued
    return issued.command
  }

  /// Takes what an agent says of a command.
  mutating func take(_ result: AgentResult, of number: UInt64, from key: AgentKey) throws(Refusal) {
    guard let agent = agents[key] else { throw Refusal(.notFound, "agent \(key.id) has not reported yet") }
    guard let issued = agent.commands[number] else {
      throw Refusal(.notFound, "agent \(key.id) was given no command \(number)")
    }
    guard !issued.isOver else { throw Refusal(.refused, "command \(number) has already ended") }
    agents[key]?.commands[number]?.result = result
  }

  /// Notes that somebody follows an agent's commands, or has ceased to.
  ///
  /// - Returns: The commands that are still to be done, oldest first.
  mutating func follow(_ key: AgentKey, _ change: Int) -> [AgentCommand] {
    agents[key]?.followers += change
    return (agents[key]?.commands.values.filter(\.isAwaited).map(\.command) ?? []).sorted { $0.number < $1.number }
  }
}
