internal import ArgumentParser
internal import DeptopConnection
internal import DeptopDashboard
internal import DeptopModel
internal import DeptopWire

/// `deptop status`: everything once, worst first.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print every dependency once, worst first; exits with 1 when one is not healthy.")

  @OptionGroup var collector: CollectorOptions
  @OptionGroup var format: FormatOptions

  func run() async throws {
    let snapshot = try await collector.connection.get(API.snapshot, as: Snapshot.self)
    if format.json {
      Output.write(try WireCoding().encodeLine(snapshot))
    } else {
      Output.write(StatusText(glyphs: Output.glyphs, clock: .current()).status(of: snapshot, now: .now()))
    }
    let isHealthy = snapshot.dependencies.allSatisfy { $0.level == .ok || $0.level == .unknown }
    if !isHealthy { throw ExitStatus.unhealthy.asError }
  }
}
