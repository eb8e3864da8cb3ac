internal import ArgumentParser
internal import DeptopConnection
internal import DeptopDashboard
internal import DeptopModel
internal import DeptopWire

/// `deptop doctor`: what works, what does not, and what would mend it.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check terminal, collector and kernel; exits with 1 when something is missing, 3 without a collector.")

  @OptionGroup var collector: CollectorOptions
  @OptionGroup var format: FormatOptions

  func run() async throws {
    let (answer, hostChecks) = await ask()
    let terminal = TerminalFacts.current().checks
    let facts = CollectorFacts(socketPath: collector.socketPath, answer: answer, ownVersion: Release.version)
    let all = terminal + facts.checks + hostChecks
    if format.json {
      Output.write(try WireCoding().encodeLine(all))
    } else {
      let groups = [
        (heading: "terminal", checks: terminal), (heading: "collector", checks: facts.checks),
        (heading: "host, as the collector finds it", checks: hostChecks),
      ]
      Output.write(DoctorText(glyphs: Output.glyphs).text(groups))
    }
    if case .absent = answer { throw ExitStatus.noCollector.asError }
    if all.contains(where: { $0.state == .missing }) { throw ExitStatus.unhealthy.asError }
  }

  /// Asks for its version, for a snapshot as every reader may have it, and for its own checks.
  private func ask() async -> (CollectorFacts.Answer, [HostCheck]) {
    let connection = collector.connection
    let version: String
    do throws(CollectorError) {
      version = try await connection.get(API.health, as: Health.self).version
    } catch {
      return (DoctorCommand.answer(error, version: nil), [])
    }
    do throws(CollectorError) {
      _ = try await connection.get(API.sources, as: [SourceStatus].self)
    } catch {
      return (DoctorCommand.answer(error, version: version), [])
    }
    do throws(CollectorError) {
      return (.readable(version: version, noChecks: nil), try await connection.get(API.doctor, as: [HostCheck].self))
    } catch {
      return (.readable(version: version, noChecks: error.description), [])
    }
  }

  private static func answer(_ error: CollectorError, version: String?) -> CollectorFacts.Answer {
    switch error {
    case .absent(let reason), .lost(let reason): .absent(reason: reason)
    case .unreadable(let reason): .unreadable(reason: reason)
    case .refused(let refusal):
      refusal.code == .forbidden
        ? .refused(version: version ?? "of another version", reason: refusal.description)
        : .unreadable(reason: refusal.description)
    }
  }
}
