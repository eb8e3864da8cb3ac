import DeptopConfiguration
import Testing

@Suite struct JVMSettingsTests {
  @Test func `every key of an agent and of an actuator is read`() throws {
    let settings = try ConfigurationText.example.load()
    var jolokia = JolokiaSettings(name: "orders")
    jolokia.url = "https://orders.internal:8778/jolokia/"
    jolokia.user = "ops"
    jolokia.password = Secret("s3cret")
    jolokia.interval = .seconds(6)
    jolokia.timeout = .milliseconds(3500)
    jolokia.drainTimeout = .seconds(45)
    #expect(settings.jolokias == [jolokia])
    var actuator = ActuatorSettings(name: "orders")
    actuator.url = "http://[::1]:8081/manage"
    actuator.user = "ops"
    actuator.password = Secret("s3cret")
    #expect(settings.actuators == [actuator])
    let dependencies = settings.dependencies
    #expect(dependencies.compactMap(\.jolokia) == [JolokiaPool(instance: "orders", pool: "main (a)")])
    #expect(dependencies.compactMap(\.actuator) == [ActuatorBreaker(instance: "orders", breaker: "pay")])
  }

  @Test func `a name is enough for an agent at its usual place`() throws {
    let settings = try ConfigurationText("sources: {jolokia: [{name: a}], actuator: [{name: a}]}").load()
    #expect(settings.jolokias.map(\.url) == ["http://127.0.0.1:8778/jolokia"])
    #expect(settings.actuators.map(\.url) == ["http://127.0.0.1:8080/actuator"])
  }

  @Test(arguments: ["jolokia", "actuator"])
  func `a repeated name, a missing name and an unknown key are named`(kind: String) {
    let list = "    - {name: a}\n    - {name: a, urk: x}\n    - {url: 'http://a'}\n"
    let error = ConfigurationText("sources:\n  \(kind):\n\(list)").error
    #expect(error.contains("/etc/deptop.yaml:4:14: sources.\(kind)[1].name: \"a\": the name is already used in line 3"))
    #expect(error.contains("sources.\(kind)[1].urk: unknown key; did you mean \"url\"?"))
    #expect(error.contains("sources.\(kind)[2].name: is missing"))
  }

  @Test(arguments: [
    ("jolokia: {instance: ordres, pool: p}", "jolokia.instance", "sources.jolokia", "orders"),
    ("actuator: {instance: payz, breaker: p}", "actuator.instance", "sources.actuator", "pays"),
  ])
  func `a mistyped instance is told with the one that was meant`(
    entry: String, key: String, list: String, meant: String
  ) {
    let sources = "sources: {jolokia: [{name: orders}], actuator: [{name: pays}]}"
    let error = ConfigurationText("\(sources)\ndependencies: [{name: a, endpoint: 'a:1', \(entry)}]").error
    #expect(error.contains("dependencies[0].\(key): "))
    #expect(error.hasSuffix("no entry of \(list) has this name; did you mean \"\(meant)\"?"))
  }

  @Test(arguments: ["jolokia: {instance: a}", "actuator: {instance: a}"])
  func `what is named at an instance has to be given`(entry: String) {
    let sources = "sources: {jolokia: [{name: a}], actuator: [{name: a}]}"
    let text = "\(sources)\ndependencies: [{name: a, endpoint: 'a:1', \(entry)}]"
    #expect(ConfigurationText(text).error.hasSuffix("is missing"))
  }

  @Test(arguments: [
    "ftp://a/", "a:8778", "http://", "http:///x", "http://a b/", "http://a/?x=1", "http://a/#x", "http://a:0/",
    "http://a:/", "http://-a/", "http://[::1/", "http://é/", "/jolokia",
  ])
  func `what is no URL of a host and a path is refused`(url: String) {
    let error = ConfigurationText("sources: {jolokia: [{name: a, url: \"\(url)\"}]}").error
    #expect(error.contains("sources.jolokia[0].url: ") && error.contains("expected http://host:port/path"))
  }

  @Test(arguments: ["http://ops:s3cret@a/", "https://s3cret@a/x", "ftp://ops:s3cret@a/", "http://a/?token=s3cret"])
  func `no error repeats what may be a password in a URL`(url: String) {
    let error = ConfigurationText("sources: {actuator: [{name: a, url: \"\(url)\"}]}").error
    #expect(error.contains("sources.actuator[0].url: ") && !error.contains("s3cret"))
  }

  @Test(arguments: ["jolokia", "actuator"])
  func `a password without a user is told, and never repeated`(kind: String) {
    let error = ConfigurationText("sources: {\(kind): [{name: a, password: s3cret}]}").error
    #expect(error.hasSuffix("sources.\(kind)[0].password: a password needs a user beside it"))
    #expect(!error.contains("s3cret"))
  }
}
