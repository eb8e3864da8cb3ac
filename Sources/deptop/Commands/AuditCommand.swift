internal import ArgumentParser
internal import DeptopConnection
internal import DeptopDashboard
internal import DeptopModel
internal import DeptopWire

/// `deptop audit`: what was done, by whom, why, and what came of it.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Print who did what, why, and what came of it, oldest first.")

  @OptionGroup var collector: CollectorOptions
  @OptionGroup var format: FormatOptions

  @Option(help: "The newest entries that are printed, 1 to 10000.")
  var limit = 100

  @Option(help: "Only this dependency.")
  var dependency: String?

  func run() async throws {
    let filter = dependency.map { "&dependency=" + PercentEncoding.encode($0) } ?? ""
    let entries = try await collector.connection.get("\(API.audit)?limit=\(limit)\(filter)", as: [AuditEntry].self)
    if format.json {
      Output.write(try WireCoding().encodeLine(entries))
    } else {
      Output.write(ActionText(glyphs: Output.glyphs, clock: .current()).audit(entries))
    }
  }
}
