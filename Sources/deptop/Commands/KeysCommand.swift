internal import ArgumentParser
internal import DeptopDashboard

/// `deptop keys`: the dashboard's keys.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "keys", abstract: "Print the dashboard's keys.")

  func run() throws {
    Output.write(KeysText(glyphs: Output.glyphs).text)
  }
}
