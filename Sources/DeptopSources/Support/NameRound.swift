package import DeptopKernel
package import DeptopModel

/// The names that are due in one poll, each from the namespaces that want it.
package struct NameRound: Sendable {
  /// What is due.
  package var questions: [NameQuestion]
  package var views: [NamespaceID: NameView]
  /// The hosts file of the collector's own namespace.
  package var ownHosts: HostsFile
  /// Reads and opens what belongs to other namespaces; nil when there are none.
  package var access: (any HostAccess)?
  /// How long all questions together may take.
  package var timeout: Duration

  /// A name, as one namespace sees it.
  package struct Subject: Sendable, Hashable {
    package var name: String
    package var namespace: NamespaceID
  }

  /// What was found out.
  package struct Findings: Sendable {
    /// What is known without asking anyone.
    package var fixed: [Subject: ResolverAnswer] = [:]
    package var replies: [NameQuestion: NameReply] = [:]
  }

  package init(
    questions: [NameQuestion], views: [NameView], ownHosts: HostsFile, access: (any HostAccess)?, timeout: Duration
  ) {
    self.questions = questions
    self.views = Dictionary(views.map { ($0.namespace, $0) }) { first, _ in first }
    self.ownHosts = ownHosts
    self.access = access
    self.timeout = timeout
  }

  /// Finds out everything; blocks.
  ///
  /// The hosts files go before the resolvers, as with the C library.
  package func findings(interrupt: Interrupt) -> Findings {
    var findings = Findings()
    var files = HostsFiles(own: ownHosts, access: access, deadline: .now() + timeout)
    for subject in Set(questions.map(\.subject)) {
      guard let view = views[subject.namespace] else { continue }
      findings.fixed[subject] = NameRound.fixedAnswer(to: subject.name, in: view, hosts: files.file(of: view))
    }
    let asked = questions.filter { findings.fixed[$0.subject] == nil }
    if asked.isEmpty { return findings }
    var lookup = NameLookup(search: views[.own]?.search ?? SearchList(), timeout: timeout)
    lookup.searches = views.mapValues(\.search)
    lookup.access = access
    findings.replies = lookup.replies(to: asked, interrupt: interrupt)
    return findings
  }

  /// What is known of a name without asking anyone; nil when the resolvers have to be asked.
  package static func fixedAnswer(
    to name: String, in view: NameView, hosts: Result<HostsFile, HostAccessError>
  ) -> ResolverAnswer? {
    func answer(_ resolver: String, _ outcome: ResolverAnswer.Outcome) -> ResolverAnswer {
      ResolverAnswer(name: name, resolver: resolver, outcome: outcome)
    }
    if LoopbackName.contains(name) { return answer("hosts", .addresses(LoopbackName.addresses, ttl: .zero)) }
    switch hosts {
    // What the file says is not known, so neither is what the processes use.
    case .failure(let error): return answer(HostsFile.label, .failed(error.description))
    case .success(let file):
      if let addresses = file.addresses(of: name) { return answer(HostsFile.label, .addresses(addresses, ttl: .zero)) }
    }
    guard case .unknown(let reason) = view.resolvers else { return nil }
    return answer(NameView.unknownLabel, .failed(reason))
  }
}

extension NameQuestion {
  package var subject: NameRound.Subject { NameRound.Subject(name: name, namespace: namespace) }
}
