internal import DeptopBenchmarkFigures
internal import DeptopLab
internal import DeptopWire
internal import FoundationEssentials

/// One lab that plays one scenario, with the ledgers that it writes; it ends with this value.
final class LabPlay {
  private let companion: Companion
  private let complaints: String
  private var followers: [String: LedgerFollower] = [:]
  private var directory: String?
  private(set) var sockets = Sockets()
  /// Every line so far, by the service that wrote it.
  private(set) var ledgers: [String: [LedgerLine]] = [:]
  /// When the first fault came, microseconds of the lab's clock.
  private(set) var brokenFrom: Int64?

  /// The collector's socket and the lab's own; empty until they are there.
  struct Sockets: Sendable {
    var control = ""
    var lab = ""
  }

  /// How long a scenario may take until it is broken.
  private static let patience = Duration.seconds(150)

  /// Starts the lab.
  ///
  /// - Parameters:
  ///   - program: Its path.
  ///   - scenario: A name, or a file's path.
  ///   - complaints: Receives what it complains about.
  /// - Throws: ``BenchmarkFailure`` when it does not start.
  init(_ program: String, scenario: String, complaints: String) throws(BenchmarkFailure) {
    self.complaints = complaints
    companion = try Companion([program, "run", "--scenario", scenario], errorPath: complaints)
  }

  /// Waits until callers suffer.
  func waitUntilBroken() throws {
    let deadline = ContinuousClock.now + Self.patience
    while ContinuousClock.now < deadline {
      guard let line = try event(within: .milliseconds(100)) else { continue }
      switch try WireCoding().decode(LabEvent.self, from: Data(line.utf8)) {
      case .ready(let control, let lab):
        sockets = Sockets(control: control, lab: lab)
        directory = String(control[..<(control.lastIndex(of: "/") ?? control.startIndex)])
      case .scenario(let scene):
        if scene.phase == .brewing, brokenFrom == nil { brokenFrom = LabClock.now }
        if scene.phase == .broken { return }
      case .leftOut(_, let reason), .failed(let reason): throw BenchmarkFailure(reason)
      case .finished: throw BenchmarkFailure("the lab has played everything")
      }
    }
    throw BenchmarkFailure("nobody suffered within \(Self.patience)")
  }

  private func event(within limit: Duration) throws(BenchmarkFailure) -> String? {
    do throws(BenchmarkFailure) {
      return try companion.nextLine(within: limit)
    } catch {
      // A program that has just ended has said why.
      let words = FileManager.default.contents(atPath: complaints).map { String(decoding: $0, as: UTF8.self) } ?? ""
      throw BenchmarkFailure("the lab ended: \(words.split(separator: "\n").last ?? "it does not say why")")
    }
  }

  /// Reads what the ledgers have gained.
  func read() throws {
    guard let directory else { return }
    for file in try FileManager.default.contentsOfDirectory(atPath: directory) where file.hasSuffix(".ledger") {
      let name = String(file.dropLast(".ledger".count))
      let news = try followers[name, default: LedgerFollower(path: "\(directory)/\(file)")].news()
      ledgers[name, default: []] += news
    }
  }
}
