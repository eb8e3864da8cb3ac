import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Doctor")
struct DoctorTests {
  private let good = TerminalFacts(
    type: "xterm-256color", entry: "xterm-256color", colors: 256, refusesColor: false, characterSet: "UTF-8",
    size: Size(columns: 120, rows: 36))

  @Test("a terminal that has everything is well")
  func goodTerminal() {
    #expect(good.checks.allSatisfy { $0.state == .ok && $0.remedy == nil })
  }

  @Test("what a terminal lacks is named with what mends it")
  func poorTerminal() {
    var facts = good
    (facts.type, facts.entry, facts.colors, facts.characterSet) = ("weird", nil, nil, "ANSI_X3.4-1968")
    facts.size = Size(columns: 39, rows: 10)
    #expect(facts.checks.map(\.state) == [.missing, .limited, .limited, .limited])
    #expect(facts.checks.allSatisfy { $0.remedy != nil })
    facts.type = nil
    #expect(facts.checks[0].text.contains("TERM is not set"))
    (facts.type, facts.entry, facts.size) = ("xterm-ghostty", "xterm", nil)
    #expect(facts.checks[0].text == "xterm-ghostty is not known on this host: drawn as xterm")
    #expect(facts.checks[3].text.contains("no terminal"))
  }

  @Test("no colours by wish are no fault")
  func noColor() {
    var facts = good
    facts.refusesColor = true
    #expect(facts.checks[1].state == .ok)
  }

  @Test("the smallest size is enough", arguments: [(40, 10, true), (39, 10, false), (40, 9, false)])
  func size(_ columns: Int, _ rows: Int, _ isEnough: Bool) {
    var facts = good
    facts.size = Size(columns: columns, rows: rows)
    #expect((facts.checks[3].state == .ok) == isEnough)
  }

  private func checks(_ answer: CollectorFacts.Answer) -> [HostCheck] {
    CollectorFacts(socketPath: "/run/deptop/control.sock", answer: answer, ownVersion: "0.1.0").checks
  }

  @Test("a collector of the same version is well, another version is told")
  func versions() {
    #expect(checks(.readable(version: "0.1.0", noChecks: nil)).allSatisfy { $0.state == .ok })
    let skewed = checks(.readable(version: "0.2.0", noChecks: nil)).first { $0.name == "versions" }
    #expect(skewed?.state == .limited)
    #expect(skewed?.text == "the collector is 0.2.0, deptop is 0.1.0")
    #expect(checks(.readable(version: "0.1.0", noChecks: "not found")).contains { $0.state == .limited })
  }

  @Test("a collector that is not there, or does not answer this user")
  func absent() {
    let denied = checks(.absent(reason: "/run/deptop/control.sock may not be connected to: permission denied"))
    #expect(denied[0].state == .missing && denied[0].remedy?.contains("group") == true)
    #expect(checks(.absent(reason: "no collector answers on /x"))[0].remedy?.contains("deptopd") == true)
    let refused = checks(.refused(version: "0.1.0", reason: "bob (uid 1003) may not read: not among the viewers"))
    #expect(refused.contains { $0.name == "rights" && $0.state == .missing && $0.text.contains("bob (uid 1003)") })
    #expect(checks(.unreadable(reason: "no JSON"))[0].state == .missing)
  }

  @Test("checks as text")
  func text() {
    let host = [
      HostCheck("other namespaces", .ok, "3 of 3 are swept"),
      HostCheck(
        "close connections", .missing,
        "the kernel was built without CONFIG_INET_DIAG_DESTROY, so that no connection "
          + "can be closed from outside of its process", remedy: "use a kernel with it: most distributions' have it"),
      HostCheck("\u{1B}[2Jhostile", .limited, "text\u{202E}", remedy: "x\u{07}"),
    ]
    let groups = [
      (heading: "terminal", checks: good.checks),
      (heading: "collector", checks: checks(.readable(version: "0.2.0", noChecks: nil))),
      (heading: "host, as the collector finds it", checks: host), (heading: "nothing", checks: []),
    ]
    let text = DoctorText(columns: 80).text(groups)
    #expect(!text.contains("\u{1B}") && !text.contains("nothing\n"))
    #expect(text.split(separator: "\n").allSatisfy { columnWidth(of: String($0)) <= 80 })
    #expect(DoctorText(glyphs: .ascii).text(groups).allSatisfy { $0.isASCII })
    ScreenSnapshot.check(text, "doctor")
  }
}
