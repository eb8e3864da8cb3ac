import DeptopConfiguration
import Testing

@Suite struct PrometheusSettingsTests {
  private static let wrong = [
    ("sources: {prometheus: [{name: a}]}", "sources.prometheus[0].url: is missing"),
    ("sources: {prometheus: [{name: a, url: \"ftp://x\"}]}", "sources.prometheus[0].url: \"ftp://x\""),
    ("sources: {prometheus: [{name: a, server: \"http://x\"}]}", "sources.prometheus[0].query: is missing"),
    (
      "sources: {prometheus: [{name: a, url: \"http://x\", server: \"http://x\", query: up}]}",
      "give either url or server"
    ),
    ("sources: {prometheus: [{name: a, url: \"http://x\", query: up}]}", "a query needs a server"),
    ("ingest: {port: 70000}", "ingest.port: \"70000\""),
    ("ingest: {reporter: everyone}", "did you mean \"reporters\"?"),
    ("mappings: [own.yaml]", "mappings[0]: \"own.yaml\""),
    ("mappings: [/none.yaml]", "mappings[0]: \"/none.yaml\""),
  ]

  @Test(arguments: wrong)
  func `what is wrong is told with its place`(text: String, part: String) {
    let error = ConfigurationText(text).error
    #expect(error.contains(part), "\(error)")
  }

  @Test func `a mistake in a mapping file names that file, its line and its key`() {
    let own = FileContents(
      bytes: Array("mapping: own\nmetrics:\n  - {name: own_busy, to: pool.actve}\n".utf8), mode: 0o644)
    let error = ConfigurationText("mappings: [/own.yaml]", files: ["/own.yaml": own]).error
    #expect(error.contains("/own.yaml:3") && error.contains("pool.actve"), "\(error)")
  }
}
