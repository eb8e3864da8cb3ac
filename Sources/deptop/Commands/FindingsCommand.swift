internal import ArgumentParser
internal import DeptopConnection
internal import DeptopDashboard
internal import DeptopModel
internal import DeptopWire

/// `deptop findings`: the named mechanisms, worst first.
struct FindingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "findings", abstract: "Print what was found, worst first; exits with 1 when there is something.")

  @OptionGroup var collector: CollectorOptions
  @OptionGroup var format: FormatOptions

  func run() async throws {
    let snapshot = try await collector.connection.get(API.snapshot, as: Snapshot.self)
    if format.json {
      Output.write(try WireCoding().encodeLine(snapshot.findings))
    } else {
      let lines = StatusText(glyphs: Output.glyphs, clock: .current()).findings(of: snapshot, now: .now())
      Output.write((lines.isEmpty ? ["nothing found"] : lines).joined(separator: "\n") + "\n")
    }
    if snapshot.findings.contains(where: { $0.state == .open }) { throw ExitStatus.unhealthy.asError }
  }
}
