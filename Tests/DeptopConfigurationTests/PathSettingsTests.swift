import DeptopConfiguration
import Testing

@Suite struct PathSettingsTests {
  private func configuration(_ path: String) -> ConfigurationText {
    ConfigurationText("dependencies:\n  - name: a\n    endpoint: a:1\n    path: \(path)")
  }

  @Test(arguments: ["", "~", "{}"]) func `a path without keys has the defaults`(path: String) throws {
    let settings = try #require(try configuration(path).load().dependencies.first)
    #expect(settings.path == PathSettings())
    #expect(settings.path.isSizeProbed)
  }

  @Test(arguments: [("1", Duration.seconds(1)), ("0.5e1", nil), ("604800", .seconds(604_800)), ("2.5", .seconds(2.5))])
  func `the idle timeout is between a second and a week`(text: String, duration: Duration?) {
    let settings = try? configuration("{idle_timeout_seconds: \(text)}").load()
    #expect(settings?.dependencies.first?.path.idleTimeout == duration)
  }

  @Test(arguments: [576, 1280, 1400, 65_535]) func `an MTU is a number of bytes`(mtu: Int) throws {
    let settings = try configuration("{mtu: \(mtu)}").load()
    #expect(settings.dependencies.first?.path.mtu == mtu)
    #expect(try ConfigurationText(settings.effectiveDescription()).load() == settings)
  }

  @Test func `the settings in force name the path`() throws {
    let text = try configuration("{mtu: 1400, idle_timeout_seconds: 350}").load().effectiveDescription()
    #expect(text.contains("\n    path: {idle_timeout_seconds: 350, mtu: 1400, size_probe: true}\n"))
  }

  @Test(arguments: [
    (
      "{idle_timeout_seconds: 0.5}",
      "4:34: dependencies[0].path.idle_timeout_seconds: \"0.5\": expected 1 to 604800 seconds"
    ),
    (
      "{idle_timeout_seconds: 604801}",
      "4:34: dependencies[0].path.idle_timeout_seconds: \"604801\": expected 1 to 604800 seconds"
    ),
    ("{mtu: 575}", "4:17: dependencies[0].path.mtu: \"575\": expected 576 to 65535 bytes"),
    ("{mtu: 65536}", "4:17: dependencies[0].path.mtu: \"65536\": expected 576 to 65535 bytes"),
    ("{mtu: -1}", "4:17: dependencies[0].path.mtu: \"-1\": expected 576 to 65535 bytes as a whole number"),
    ("{mtu: 1400.0}", "4:17: dependencies[0].path.mtu: \"1400.0\": expected 576 to 65535 bytes as a whole number"),
    (
      "{mtu: 99999999999999999999}",
      "4:17: dependencies[0].path.mtu: \"99999999999999999999\": expected 576 to 65535 bytes as a whole number"
    ),
    ("{mtu: '1400'}", "4:17: dependencies[0].path.mtu: \"1400\": expected 576 to 65535 bytes as a whole number"),
    ("{mtu: }", "4:17: dependencies[0].path.mtu: expected 576 to 65535 bytes as a whole number, not nothing"),
    ("{size_probe: 1}", "4:24: dependencies[0].path.size_probe: \"1\": expected true or false"),
    ("{mtus: 1}", "4:12: dependencies[0].path.mtus: unknown key; did you mean \"mtu\"?"),
    ("[1]", "4:11: dependencies[0].path: expected a mapping of keys to values, not a list"),
  ])
  func `a bad path is named with its place`(path: String, error: String) {
    #expect(configuration(path).error == "/etc/deptop.yaml:\(error)")
  }
}
