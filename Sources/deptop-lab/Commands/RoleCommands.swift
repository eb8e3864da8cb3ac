internal import ArgumentParser
internal import DeptopLab

/// One upstream, as the standard input describes it.
struct UpstreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "upstream", shouldDisplay: false)

  func run() async throws {
    try await Role.play { try await UpstreamRole.run() }
  }
}

/// The lab's name server, as the standard input describes it.
struct NamesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "names", shouldDisplay: false)

  func run() async throws {
    try await Role.play { try await NameServerRole.run() }
  }
}

/// One client, as the standard input describes it.
struct ClientCommandLine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "client", shouldDisplay: false)

  func run() async throws {
    try await Role.play { try await ClientRole.run() }
  }
}

/// A process of the lab that says in one line what is wrong.
private enum Role {
  static func play(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch {
      Complaint.write("\(error)")
      throw ExitCode(1)
    }
  }
}
