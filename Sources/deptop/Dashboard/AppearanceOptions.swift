internal import ArgumentParser
internal import DeptopScreen
internal import DeptopThemes

/// How the dashboard looks when it opens.
struct AppearanceOptions: ParsableArguments {
  @Option(help: "The theme to start with: \(BuiltInTheme.names.joined(separator: ", ")).")
  var theme: String?

  @Flag(help: "Draw with ASCII characters and without colour, whatever the terminal says it can do.")
  var plain = false

  func validate() throws {
    if let theme, !BuiltInTheme.names.contains(theme) {
      throw ValidationError("there is no theme \(theme); there are \(BuiltInTheme.names.joined(separator: ", "))")
    }
  }

  var chosenTheme: Theme {
    get throws { try Theme.named(theme ?? BuiltInTheme.defaultName) }
  }
}
