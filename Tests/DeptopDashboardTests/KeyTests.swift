import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Keys")
struct KeyTests {
  @Test("no key asks for two things")
  func duplicates() {
    #expect(KeyBindings.standard.duplicates.isEmpty)
    let twice = KeyBindings(KeyBindings.standard.bindings + [KeyBinding([.character("D")], .quit, .program, "")])
    #expect(twice.duplicates == [.character("D")])
  }

  @Test("every command has a key and a description", arguments: Command.allCases)
  func everyCommandIsBound(_ command: Command) throws {
    let binding = try #require(KeyBindings.standard.binding(of: command))
    #expect(!binding.keys.isEmpty)
    #expect(!binding.description.isEmpty)
  }

  @Test("every function key has a letter twin")
  func functionKeysHaveTwins() {
    for binding in KeyBindings.standard.bindings {
      let isFunctionOnly = binding.keys.allSatisfy { if case .function = $0 { true } else { false } }
      #expect(!isFunctionOnly)
    }
  }

  @Test("the text of the keys names every key and every command word")
  func keysText() {
    let text = KeysText().text
    for binding in KeyBindings.standard.bindings { #expect(text.contains(binding.description)) }
    for entry in CommandLanguage.entries { #expect(text.contains(":" + entry.word)) }
    ScreenSnapshot.check(text, "keys")
  }

  @Test("ctrl-c leaves a dialog, and quits when pressed twice")
  func interrupt() {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"))
    bench.press(.control("c"))
    #expect(bench.state.dialog == nil)
    #expect(!bench.effects.contains(.quit))
    bench.press(.control("c"))
    #expect(bench.takeEffects().last == .quit)
  }

  @Test("ctrl-c is forgotten after two seconds and after another key")
  func interruptIsForgotten() {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.control("c"))
    bench.wait(.seconds(3))
    bench.press(.control("c"), .down, .control("c"))
    #expect(!bench.effects.contains(.quit))
  }

  @Test("q and F10 quit", arguments: [Key.character("q"), .function(10)])
  func quit(_ key: Key) {
    var bench = Bench(Fixture.driftedHost)
    bench.press(key)
    #expect(bench.effects == [.quit])
  }

  @Test("a key that means nothing changes nothing")
  func unknownKey() throws {
    var bench = Bench(Fixture.driftedHost)
    let before = try bench.screen()
    bench.press(.function(12), .delete, .character("ß"))
    #expect(try bench.screen() == before)
    #expect(bench.effects.isEmpty)
  }

  @Test("screens are reached by number and Tab, and left by Esc and -")
  func screens() {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("3"))
    #expect(bench.state.screen == .sources)
    bench.press(.tab)
    #expect(bench.state.screen == .actions)
    #expect(bench.takeEffects() == [.requestAudit])
    bench.press(.backTab, .backTab)
    #expect(bench.state.screen == .findings)
    bench.press(.character("-"))
    #expect(bench.state.screen == .sources)
    bench.press(.escape)
    #expect(bench.state.screen == .overview)
  }

  @Test("opening a dependency asks for its details, leaving stops them")
  func detail() {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.enter)
    #expect(bench.takeEffects() == [.requestDetail("orders-db")])
    #expect(bench.state.screen == .detail("orders-db"))
    bench.press(.escape)
    #expect(bench.takeEffects() == [.stopDetail])
  }

  @Test("a new link asks again for the details that are shown")
  func detailAfterReconnect() {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.enter)
    bench.send(.linkChanged(.lost(since: bench.now, reason: "gone", nextAttemptAt: nil)))
    _ = bench.takeEffects()
    bench.send(.linkChanged(.live(roundTrip: nil)))
    #expect(bench.takeEffects() == [.requestDetail("orders-db")])
  }

  @Test("y copies the row as plain text, without anything from outside that a terminal obeys")
  func copy() throws {
    var bench = Bench(Fixture.hostileHost)
    bench.press(.character("y"))
    guard case .copy(let text)? = bench.effects.first else {
      Issue.record("nothing was copied")
      return
    }
    #expect(text.contains("warning"))
    #expect(!text.contains("\u{1B}"))
    #expect(!text.contains("\u{202E}"))
  }
}
