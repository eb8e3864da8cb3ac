import DeptopConfiguration
import DeptopMetrics
import Testing

@Suite struct MappingFileTests {
  @Test func `every built-in mapping can be read and has a name of its own`() throws {
    let mappings = try BuiltInMappings.load()
    #expect(mappings.count == BuiltInMappings.files.count)
    #expect(Set(mappings.map(\.name)).count == mappings.count)
    for (file, mapping) in zip(BuiltInMappings.files, mappings) { #expect(file.name == "\(mapping.name).yaml") }
  }

  @Test(arguments: [
    ("", "m.yaml: holds no mapping"),
    ("mapping: a", "m.yaml:1:1: metrics: is missing"),
    ("mapping: a\nmetrics: 1", "m.yaml:2:10: metrics: \"1\": expected a list"),
    ("mapping: a\nmetrics:\n  - {name: x}", "m.yaml:3:5: metrics[0]: a metric needs what it counts as: to or by"),
    (
      "mapping: a\nmetrics:\n  - {name: x, to: pool.actve}",
      "m.yaml:3:19: metrics[0].to: \"pool.actve\": there is no target \"pool.actve\"; did you mean \"pool.active\"?"
    ),
    (
      "mapping: a\nmetrics:\n  - {name: \"a*b\", to: pool.idle}",
      """
      m.yaml:3:12: metrics[0].name: "a*b": expected words with a * at the beginning or the end only, not "a*b"
      """
    ),
    (
      "mapping: a\nmetrics:\n  - {name: x, to: pool.idle, unit: h}",
      "m.yaml:3:36: metrics[0].unit: \"h\": expected s, ms, us, ns, min, percent or ratio"
    ),
    (
      "mapping: a\nmetrics:\n  - {name: x, to: breaker.state}",
      "m.yaml:3:5: metrics[0]: breaker.state needs states, a table from numbers to states"
    ),
    (
      "mapping: a\nmetrics:\n  - {name: x, to: pool.idle, when: {l: {prefix: y}}}",
      "m.yaml:3:40: metrics[0].when.l: expected a word, a list of words, or present: true or false"
    ),
    (
      "mapping: a\nmetrics:\n  - {name: x, to: breaker.state, states: {0: closed, 1: ajar}}",
      """
      m.yaml:3:57: metrics[0].states.1: "ajar": expected a number as the key, and closed, open, half-open, \
      forced-open or disabled
      """
    ),
    (
      "mapping: a\nmetric: []\nmetrics: []",
      "m.yaml:2:1: metric: unknown key; did you mean \"metrics\"?"
    ),
  ])
  func `a mistake is told with its place, key and value`(text: String, error: String) {
    #expect {
      try MappingFile.parse(Array(text.utf8), path: "m.yaml")
    } throws: { thrown in
      "\(thrown)" == error
    }
  }
}
