package import DeptopConfiguration
internal import DeptopHTTP
internal import DeptopMetrics
package import DeptopModel
internal import Synchronization

/// Metrics in Prometheus' text form, scraped from an exporter, or the answer of a Prometheus server to a query.
///
/// What the metrics mean is data: the operator's mappings, then deptop's. A wrong line costs that line alone, and is
/// counted; buckets stay buckets.
package final class PrometheusSource: Source {
  package static let kind = "prometheus"
  /// The largest page that is read, bytes.
  static let largestPage = 32 << 20

  package let id: SourceID
  private let settings: PrometheusSettings
  private let dependency: DependencySettings?
  /// The mappings, or why deptop's own cannot be read.
  private let engine: Result<MappingEngine, ConfigurationError>
  private let client = HTTPClient()
  private let streams = Mutex(StreamState())

  /// A source for one exporter or server; opens nothing yet.
  package init(settings: PrometheusSettings, in all: Settings) {
    id = SourceID(rawValue: "\(PrometheusSource.kind)/\(settings.name)")
    self.settings = settings
    dependency = settings.dependency.flatMap { name in all.dependencies.first { $0.name == name } }
    engine = Result { () throws(ConfigurationError) in
      MappingEngine(all.mappings.map(\.mapping) + (try BuiltInMappings.load()))
    }
  }

  package static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    settings.prometheuses.map { PrometheusSource(settings: $0, in: settings) }
  }

  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.prometheuses == new.prometheuses && old.mappings == new.mappings && old.dependencies == new.dependencies
  }

  package var schedule: Schedule { Schedule(interval: settings.interval, timeout: settings.timeout) }
  package var dependencies: [DependencyID] { dependency.map { [$0.id] } ?? [] }

  package func poll() async throws(SourceError) -> [Observation] {
    let engine: MappingEngine
    do throws(ConfigurationError) {
      engine = try self.engine.get()
    } catch {
      throw .permanent("\(error)")
    }
    let page = try await page()
    let client = ClientIdentity(name: settings.name)
    let result = streams.withLock { streams in
      engine.map(page.points, defaultClient: client, state: &streams, now: .now(), isWhole: true)
    }
    let remarks = page.remarks + result.remarks
    guard !result.observations.isEmpty else {
      let what = remarks.isEmpty ? "has no metric that a mapping names" : remarks.joined(separator: "; ")
      throw .noData("\(settings.url): \(what)")
    }
    return [.remarks(remarks)] + result.observations.map { .client(assigned($0)) }
  }

  /// Fetches and reads what there is now.
  private func page() async throws(SourceError) -> MetricPage {
    let answer: HTTPResponse
    do throws(HTTPError) {
      answer = try await client.send(request())
    } catch {
      throw error.kind == .badURL ? .permanent("\(error)") : .transient("\(error)")
    }
    guard answer.isSuccess || settings.query != nil else {
      throw .transient("\(settings.url): answers HTTP \(answer.status)")
    }
    return try settings.query == nil ? MetricPage(scraped: answer) : MetricPage(queried: answer, from: settings.url)
  }

  private func request() -> HTTPRequest {
    let url = settings.query.map { MetricPage.queryURL(settings.url, $0) } ?? settings.url
    var request = HTTPRequest(.get, url, timeout: settings.timeout, bodyLimit: PrometheusSource.largestPage)
    request.headers = [
      HTTPHeader("Accept", "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4,*/*;q=0.1")
    ]
    if let user = settings.user, let password = settings.password {
      request.credentials = HTTPCredentials(user: user, password: password.value)
    }
    return request
  }

  /// The observation, about the configured dependency where one is given.
  private func assigned(_ observation: ClientObservation) -> ClientObservation {
    guard let dependency else { return observation }
    var assigned = observation
    assigned.report.name = dependency.name
    return assigned
  }
}
