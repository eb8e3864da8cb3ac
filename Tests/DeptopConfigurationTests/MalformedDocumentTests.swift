import DeptopConfiguration
import Testing

@Suite struct MalformedDocumentTests {
  @Test(arguments: [
    (
      "a: [1",
      "2:1: is not valid YAML: did not find expected ',' or ']' while parsing a flow sequence that begins in line 1"
    ),
    (
      "a:\n\t- 1",
      "2:1: is not valid YAML: found character that cannot start any token while scanning for the next token that begins in line 2"
    ),
    ("a: *nowhere", "1:4: is not valid YAML: found undefined alias"),
    ("a: 1\n---\nb: 2", "2:1: is not valid YAML: expected a single document in the stream, but found another document"),
    ("a: \u{7}", "1:4: is not valid YAML: control characters are not allowed"),
  ])
  func `what is not YAML is named with its place`(text: String, error: String) {
    #expect(ConfigurationText(text).error == "/etc/deptop.yaml:\(error)")
  }

  @Test func `a key that is given more than once is named at each repetition`() {
    let text = """
      tick_interval_seconds: 1
      sources:
        kernel: {timeout_seconds: 1, "timeout_seconds": 2}
      tick_interval_seconds: 2
      tick_interval_seconds: 3
      """
    #expect(
      ConfigurationText(text).error == """
        /etc/deptop.yaml:3:32: sources.kernel.timeout_seconds: the key is given more than once, first in line 3
        /etc/deptop.yaml:4:1: tick_interval_seconds: the key is given more than once, first in line 1
        /etc/deptop.yaml:5:1: tick_interval_seconds: the key is given more than once, first in line 1
        """)
  }

  @Test func `a repeated key that cannot be overwritten is still named`() {
    #expect(
      ConfigurationText("'': 1\n'': 2").error
        == "/etc/deptop.yaml:1:1: the key is given more than once")
    #expect(
      ConfigurationText("\"\\x61ccess\": 1\naccess: 2").error
        == "/etc/deptop.yaml:1:1: access: the key is given more than once")
  }

  @Test func `a repeated key does not hide the other problems`() {
    let text = "access: {}\r\naccess: {}\r\nstate_directory: x\r\ntick_interval_seconds: 0\r\n"
    #expect(
      ConfigurationText(text).error == """
        /etc/deptop.yaml:2:1: access: the key is given more than once, first in line 1
        /etc/deptop.yaml:3:18: state_directory: "x": expected an absolute path
        /etc/deptop.yaml:4:24: tick_interval_seconds: "0": expected 0.1 to 60 seconds
        """)
  }

  @Test func `all problems are told in the order of the file`() throws {
    let text = """
      dependencies:
        - {name: a, endpoint: foo, probe: maybe}
        - {name: a, endpoint: "b:1", color: red}
      tick_interval_seconds: 99
      """
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationText(text).load() }
    #expect(error?.problems.map(\.line) == [2, 2, 3, 3, 4])
    #expect(
      error?.problems.map(\.key) == [
        "dependencies[0].endpoint", "dependencies[0].probe", "dependencies[1].name", "dependencies[1].color",
        "tick_interval_seconds",
      ])
    #expect(error?.problems.map(\.value) == ["foo", "maybe", "a", nil, "99"])
    #expect(error?.problems.map(\.column) == [25, 37, 12, 32, 24])
  }

  @Test func `no more than a hundred problems are told`() throws {
    let text = (0..<500).map { "key\($0): 1" }.joined(separator: "\n")
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationText(text).load() }
    #expect(error?.problems.count == 100)
  }

  @Test func `a value is cut short and cannot write to the terminal`() throws {
    let text = "state_directory: \"" + String(repeating: "x", count: 500) + "\\e]0;x\""
    let value = String(repeating: "x", count: 80) + "…"
    #expect(
      ConfigurationText(text).error
        == "/etc/deptop.yaml:1:18: state_directory: \"\(value)\": expected an absolute path without control or formatting characters"
    )
  }

  @Test func `deep nesting is an error and not a crash`() {
    let text = "a: " + String(repeating: "[", count: 100_000)
    #expect(ConfigurationText(text).error.contains("is not valid YAML"))
  }

  @Test func `aliases cannot multiply the work`() {
    var text = "a0: &a0 {x: 1}\n"
    for level in 1..<40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n" }
    text += "dependencies: *a39"
    #expect(ConfigurationText(text).error.hasPrefix("/etc/deptop.yaml:1:1: a0: unknown key;"))
  }
}
