internal import DeptopBlocking
package import DeptopConfiguration
package import DeptopKernel
package import DeptopModel

/// Something that readings come from.
///
/// A source only reads. When it is polled, how long it may take, how soon it is asked again after a failure,
/// and how it is measured belong to the runner. The runner never polls one source twice at the same time.
/// When the task is cancelled, `poll` returns or throws promptly; a call that blocks runs on a ``BlockingThread``
/// and carries its own deadline of ``Schedule/timeout``, so that it never holds one of the process' few task
/// threads.
package protocol Source: Sendable {
  /// The word that a source id starts with, and the name of its file.
  static var kind: String { get }

  /// One source for each instance that the settings ask for; none when they ask for none.
  static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source]

  /// True when a change of the settings makes no difference to the sources of this type: they keep running, with
  /// what they have learned.
  static func isSame(in old: Settings, and new: Settings) -> Bool

  /// Unique in the collector.
  var id: SourceID { get }
  var schedule: Schedule { get }
  /// The configured dependencies that lose readings when this source is silent.
  var dependencies: [DependencyID] { get }

  /// Reads once.
  ///
  /// - Throws: ``SourceError`` and nothing else, also for a peer that answers nonsense.
  func poll() async throws(SourceError) -> [Observation]
}

/// What sources share on one host.
package struct HostSurroundings: Sendable {
  /// What a process with capabilities does for this one; nil when there is none.
  package let access: (any HostAccess)?
  package let namespaces: NamespaceDirectory

  package init(access: (any HostAccess)? = nil, namespaces: NamespaceDirectory = NamespaceDirectory()) {
    self.access = access
    self.namespaces = namespaces
  }
}

/// How often a source is polled and how long one poll may take.
package struct Schedule: Sendable, Hashable {
  package var interval: Duration
  package var timeout: Duration

  package init(interval: Duration, timeout: Duration) {
    self.interval = interval
    self.timeout = timeout
  }
}

/// Why a poll has no readings: tells the runner what to do next.
package enum SourceError: Error, Hashable, CustomStringConvertible {
  /// It answered, and there is nothing to say: not a failure.
  case noData(String)
  /// It may answer soon: asked again after a growing pause; the last readings stay, marked stale.
  case transient(String)
  /// Only a person can mend it: asked again seldom.
  case permanent(String)

  package var description: String {
    switch self {
    case .noData(let reason), .transient(let reason), .permanent(let reason): reason
    }
  }
}

extension Source {
  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old == new
  }
}
