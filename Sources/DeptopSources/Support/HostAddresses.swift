internal import DeptopBlocking
package import DeptopModel

/// The current addresses of hosts, from the first resolver that knows them.
package final class HostAddresses: Sendable {
  private let resolvers: ResolverChoice
  private let hostsFile: WatchedHostsFile
  private let timeout: Duration
  private let thread = BlockingThread()

  /// - Parameters:
  ///   - resolvers: Which resolvers are asked; all at once, and the first in order that answers counts.
  ///   - timeout: How long all names together may take.
  ///   - hostsFile: The host's hosts file, which goes before every resolver.
  package init(resolvers: ResolverChoice, timeout: Duration, hostsFile: String = "/etc/hosts") {
    self.resolvers = resolvers
    self.hostsFile = WatchedHostsFile(path: hostsFile)
    self.timeout = timeout
  }

  /// Answers each host, an address or a name, with its addresses or the reason why there are none.
  ///
  /// - Throws: ``SourceError`` when there is no resolver to ask, or the hosts file cannot be read.
  package func outcomes(for hosts: Set<String>) async throws(SourceError) -> [String: ResolverAnswer.Outcome] {
    let file = try hostsFile.current()
    var outcomes: [String: ResolverAnswer.Outcome] = [:]
    for host in hosts {
      if let address = IPAddress(host) {
        outcomes[host] = .addresses([address], ttl: .zero)
      } else if LoopbackName.contains(host) {
        outcomes[host] = .addresses(LoopbackName.addresses, ttl: .zero)
      } else if let addresses = file.addresses(of: host) {
        outcomes[host] = .addresses(addresses, ttl: .zero)
      }
    }
    let names = hosts.filter { outcomes[$0] == nil }.sorted()
    if names.isEmpty { return outcomes }
    return outcomes.merging(try await answers(for: names)) { known, _ in known }
  }

  private func answers(for names: [String]) async throws(SourceError) -> [String: ResolverAnswer.Outcome] {
    let configuration = try resolvers.current()
    let lookup = NameLookup(search: configuration.search, timeout: timeout)
    let questions = names.flatMap { name in
      configuration.nameservers.map { NameQuestion(name: name, resolver: $0) }
    }
    let replies = await thread.runInterruptibly { lookup.replies(to: questions, interrupt: $0) }
    var outcomes: [String: ResolverAnswer.Outcome] = [:]
    for question in questions {
      guard let outcome = replies[question]?.outcome(known: []) else { continue }
      if case .failed = outcomes[question.name] ?? .failed("") { outcomes[question.name] = outcome }
    }
    return outcomes
  }
}
