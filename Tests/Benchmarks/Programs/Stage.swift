internal import DeptopConnection
internal import DeptopModel
internal import DeptopTestSupport
internal import DeptopWire

/// Collectors for the dashboard under test, which end with this value.
struct Stage {
  let paths: ProductPaths
  private let directory: TemporaryDirectory

  /// A collector at a socket, and what keeps it there.
  struct Collector {
    let socketPath: String
    /// Is part of the names of its dependencies.
    fileprivate let content: String
    fileprivate let companions: [Companion]
  }

  init(_ options: ProductOptions, home directory: TemporaryDirectory) throws {
    paths = try ProductPaths(dashboard: options.deptop)
    self.directory = directory
  }

  /// A directory for what programs write.
  var home: String { directory.path }

  /// The dashboard at a collector.
  func dashboard(at collector: Collector, _ name: String = "deptop") -> Program {
    var program = Program(name, [paths.dashboard, "--socket", collector.socketPath], home: home)
    program.content = collector.content
    return program
  }

  /// Starts a collector that makes up 1,000 dependencies, of which some change each second.
  func feed(changing: Int) throws -> Collector {
    let socket = directory.file("feed-\(changing).sock")
    let companion = try Companion([
      paths.benchmark, "feed", "--socket", socket, "--dependencies", "1000", "--changing", "\(changing)",
    ])
    try companion.waitUntilReady()
    return Collector(socketPath: socket, content: FeedHost.namePrefix, companions: [companion])
  }

  /// Starts a real collector without configuration, and some connections for it to show.
  func realCollector() async throws -> Collector {
    let socket = directory.file("control.sock")
    let holder = try Companion([paths.benchmark, "hold", "--sockets", "80", "--ports", "20"])
    try holder.waitUntilReady()
    let collector = try Companion(
      [
        paths.collector, "--socket", socket, "--state-directory", directory.file("state"),
        "--exit-with-standard-input",
      ], errorPath: directory.file("deptopd.log"))
    try await waitUntil("deptopd serves its second snapshot", within: .seconds(30)) {
      do throws(CollectorError) {
        return try await CollectorConnection(socketPath: socket).get(API.snapshot, as: Snapshot.self).sequence > 1
      } catch {
        // Until it listens there is nobody to ask.
        return false
      }
    }
    return Collector(socketPath: socket, content: "127.0.0.1:", companions: [holder, collector])
  }
}
