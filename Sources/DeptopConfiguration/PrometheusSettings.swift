/// Metrics in Prometheus' form: an exporter that is scraped, or a Prometheus server that is asked.
package struct PrometheusSettings: Sendable, Hashable {
  package var name: String
  /// The page that is scraped, or the base of the server that is asked.
  package var url: String
  /// The instant query that a server is asked; nil for a scrape.
  package var query: String?
  /// The configured dependency that every reading is about, where the metrics do not name one.
  package var dependency: String?
  /// nil sends no credentials.
  package var user: String?
  package var password: Secret?
  package var interval: Duration = .seconds(5)
  package var timeout: Duration = .seconds(2)

  package init(name: String, url: String) {
    self.name = name
    self.url = url
  }
}

/// What metrics of other systems mean, in a file of the operator's own.
package struct MappingSettings: Sendable, Hashable {
  package var path: String
  package var mapping: MetricMapping

  package init(path: String, mapping: MetricMapping) {
    self.path = path
    self.mapping = mapping
  }
}

extension SettingsReader {
  mutating func readPrometheuses(_ field: Field, into settings: inout [PrometheusSettings]) {
    let keys = [
      "name", "url", "server", "query", "dependency", "user", "password", "password_file", "interval_seconds",
      "timeout_seconds",
    ]
    readEntries(field, keys: keys) { (reader, section, name) in
      let place = reader.prometheusPlace(of: section)
      var entry = PrometheusSettings(name: name ?? "", url: place?.url ?? "")
      entry.query = place?.query
      reader.read("dependency", of: section, into: &entry.dependency) { (field) throws(Mistake) in try field.name() }
      (entry.user, entry.password) = reader.credentials(of: section)
      reader.readPoll(section, interval: &entry.interval, timeout: &entry.timeout)
      if name != nil, place != nil { settings.append(entry) }
    }
  }

  /// Either `url`, or `server` with `query`.
  private mutating func prometheusPlace(of section: Section) -> (url: String, query: String?)? {
    guard let server = section["server"] else {
      if let query = section["query"] { note(query.mistake("a query needs a server beside it")) }
      return require("url", of: section) { (field) throws(Mistake) in (try field.httpURL(), nil) }
    }
    if let url = section["url"] { note(url.mistake("give either url or server")) }
    let url = attempt(server) { (field) throws(Mistake) in try field.httpURL() }
    let query = require("query", of: section) { (field) throws(Mistake) in try field.text(limit: 4096) }
    guard let url, let query else { return nil }
    return (url, query)
  }

  /// Reads the operator's own mapping files, whose problems are told as this file's.
  mutating func readMappings(_ field: Field, into settings: inout [MappingSettings]) {
    guard !field.isNull,
      let items = attempt(field, { (field) throws(Mistake) in try field.items(limit: Limits.mappings) })
    else { return }
    let access = passwords.access
    for item in items {
      guard let path = attempt(item, { (item) throws(Mistake) in try item.absolutePath() }) else { continue }
      do throws(ConfigurationError) {
        settings.append(MappingSettings(path: path, mapping: try MappingFile.load(path: path, access: access)))
      } catch {
        // A file that cannot be read at all is a mistake here; what is wrong inside it is told with its own place.
        if let unread = error.problems.first, unread.line == nil {
          note(item.mistake(unread.message))
        } else {
          for problem in error.problems { note(problem) }
        }
      }
    }
  }
}

extension PrometheusSettings {
  /// One entry of `sources.prometheus` as YAML.
  var effectiveLines: [String] {
    [
      "    - name: \(YAMLText.scalar(name))",
      "      \(query == nil ? "url" : "server"): \(YAMLText.scalar(url))",
      query.map { "      query: \(YAMLText.scalar($0))" },
      dependency.map { "      dependency: \(YAMLText.scalar($0))" },
      user.map { "      user: \(YAMLText.scalar($0))" },
      // A comment, so that nobody loads the placeholder as a password.
      password.map { "      # password: \($0.description)" },
      "      interval_seconds: \(DecimalSeconds.text(interval))",
      "      timeout_seconds: \(DecimalSeconds.text(timeout))",
    ].compactMap(\.self)
  }
}

extension IngestSettings {
  /// `ingest` as YAML.
  var effectiveLines: [String] {
    [
      "ingest:", "  reporters: \(reporters.effectiveDescription)", port.map { "  port: \($0)" },
    ].compactMap(\.self)
  }
}
