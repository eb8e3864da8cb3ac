internal import ArgumentParser
internal import DeptopDiagnosis
internal import DeptopModel

/// `deptop explain`: what a rule looks for and what would prove it wrong.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Print what a diagnosis rule looks for, and what would prove it wrong.")

  @Argument(help: "The rule's number, such as M04; all rules are listed unless given.")
  var rule: String?

  func run() throws {
    guard let rule else {
      Output.write(RuleRegistry.all.map { "\($0.id)  \($0.title)\n" }.joined())
      return
    }
    guard let found = RuleRegistry.all.first(where: { $0.id.rawValue.lowercased() == rule.lowercased() }) else {
      let known = RuleRegistry.all.map { $0.id.rawValue }.joined(separator: ", ")
      throw ValidationError("there is no rule \(rule); there are \(known)")
    }
    Output.write("\(found.id)  \(found.title)\n\n\(found.explanation)\n")
  }
}
