import DeptopConfiguration
import Testing

@Suite struct EffectiveDescriptionTests {
  private func withoutSecrets(_ settings: Settings) -> Settings {
    var settings = settings
    for index in settings.pgbouncers.indices { settings.pgbouncers[index].password = nil }
    for index in settings.jolokias.indices { settings.jolokias[index].password = nil }
    for index in settings.actuators.indices { settings.actuators[index].password = nil }
    for index in settings.prometheuses.indices { settings.prometheuses[index].password = nil }
    return settings
  }

  @Test func `the defaults read back as the defaults`() throws {
    #expect(try ConfigurationText(Settings().effectiveDescription()).load() == Settings())
  }

  @Test func `the defaults are written out in full`() {
    #expect(
      Settings().effectiveDescription() == """
        tick_interval_seconds: 1
        environment:
          production: false
        access:
          viewers: everyone
          operators: {users: [root], groups: [deptop]}
        policy:
          # reason_required: in production environments
          forbidden: []
          rules: []
        actions:
          per_hour: 12
        ingest:
          reporters: everyone
        sources:
          kernel:
            interval_seconds: 1
            timeout_seconds: 2
          dns:
            resolvers: []
            minimum_interval_seconds: 5
            timeout_seconds: 2
          names:
            reverse_lookup: true
            interval_seconds: 30
          probe:
            interval_seconds: 30
            timeout_seconds: 1
          pgbouncer: []
          jolokia: []
          actuator: []
          prometheus: []
        dependencies: []

        """)
  }

  @Test func `a full configuration reads back without its passwords`() throws {
    let settings = try ConfigurationText.example.load()
    let text = settings.effectiveDescription()
    #expect(try ConfigurationText(text, files: ConfigurationText.example.files).load() == withoutSecrets(settings))
    #expect(!text.contains("s3cret"))
    #expect(text.contains("\n      # password: <redacted>\n"))
  }

  @Test(arguments: [
    "no", "null", "~", "1", "0x10", "a: b", "# a", "\"", "\\", "é", "日本", " x ", "- a", "*a", "&a", "!a", "{a", "'",
    "<<",
    "y", "a\\nb", "😀", "e\u{301}",
  ])
  func `any text reads back as itself`(text: String) throws {
    var settings = Settings()
    settings.environment.label = text
    settings.access.operators = .named(users: [text], groups: [])
    #expect(try ConfigurationText(settings.effectiveDescription()).load() == settings)
  }
}
