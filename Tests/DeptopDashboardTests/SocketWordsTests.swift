import DeptopModel
import DeptopScreen
import Testing

@testable import DeptopDashboard

@Suite("Sockets in words")
struct SocketWordsTests {
  @Test(
    "every condition has its sentence",
    arguments: [
      (
        Fixture.connection(1, .dead, lasting: 41, unanswered: 3, idleBefore: 240),
        "dead: 3 retransmits, silent 41s, idle 240s before"
      ),
      (
        Fixture.connection(1, .dead, lasting: 41, unanswered: 1, meanRetransmit: 1448),
        "dead: 1 retransmit of 1448 bytes, silent 41s"
      ),
      (Fixture.connection(1, .dead), "dead"),
      (Fixture.connection(1, .waiting, lasting: 41), "waiting 41s for its reply"),
      (Fixture.connection(1, .waiting, lasting: 0.4), "waiting 400ms for its reply"),
      (Fixture.connection(1, .waiting), "waiting for its reply"),
      (Fixture.connection(1, .idle, keepalive: .on(atLeast: .seconds(7200)), idle: 12), "idle 12s, keepalive ≥ 2h"),
      (Fixture.connection(1, .idle, keepalive: .off, idle: 12), "idle 12s, no keepalive"),
      (Fixture.connection(1, .idle, idle: 12), "idle 12s"),
      (Fixture.connection(1, .keepaliveUnanswered, unanswered: 2), "keepalive unanswered ×2"),
      (Fixture.connection(1, .zeroWindow, lasting: 9), "peer takes no data for 9s (window 0)"),
      (Fixture.connection(1, .peerClosed, lasting: 300), "peer closed 5m ago, not closed here"),
      (Fixture.connection(1, .connectUnanswered, unanswered: 2), "connecting, 2 SYN unanswered"),
      (Fixture.connection(1, .connecting, lasting: 2), "connecting for 2s"),
      (Fixture.connection(1, .active), "sending"),
      (Fixture.connection(1, .closing, state: "fin-wait-2"), "closing (fin-wait-2)"),
      (Fixture.connection(1, .unknown), "established"),
    ])
  func sentences(_ connection: Connection, _ sentence: String) {
    #expect(connection.words(.unicode)[0] == sentence)
  }

  @Test(
    "each wording is shorter than the one before, in ASCII too", arguments: Fixture.stuckDetail.connections
  )
  func shorter(_ connection: Connection) {
    let words = connection.words(.ascii)
    #expect(words.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } && !$0.isEmpty })
    for (longer, shorter) in zip(words, words.dropFirst()) { #expect(longer.count >= shorter.count) }
    #expect((words.last?.count ?? 0) <= 20)
  }

  @Test("a state from outside is made fit to be shown")
  func hostileState() {
    let connection = Fixture.connection(1, .closing, state: "fin\u{1B}[2J")
    #expect(connection.words(.unicode).allSatisfy { !$0.contains("\u{1B}") })
  }

  @Test("the title counts by condition, and says less where there is less room")
  func title() {
    var conditions = SocketConditions()
    (conditions.dead, conditions.deadIdleBefore) = (2, [.seconds(31)])
    (conditions.waiting, conditions.waitingSince) = (5, Fixture.ago(41))
    conditions.keepaliveOff = 4
    let address = AddressUse(address: Fixture.address("10.0.3.7"), connections: 10, idle: 3, standing: .current)
    var sockets = Fixture.sockets([address])
    sockets.conditions = conditions
    let found = texts(of: sockets)
    #expect(found[0] == "dead 2 (idle 31s before), waiting 5 (oldest 41s), idle 3, keepalive off 4")
    #expect(found[1] == "dead 2 (idle 31s before), waiting 5, idle 3, keepalive off 4")
    #expect(found[2] == "dead 2, waiting 5, idle 3, keepalive off 4")
    sockets.conditions.dead = 0
    #expect(texts(of: sockets)[1] == "10 established, waiting 5, idle 3, keepalive off 4")
    sockets.conditions = SocketConditions()
    #expect(texts(of: sockets)[0] == "10 established, idle 3")
  }

  private func texts(of sockets: SocketSummary) -> [String] { sockets.conditionTexts(at: Fixture.now, .unicode) }

  @Test(
    "a range of times is as short as it can be",
    arguments: [
      (31, 44, "31–44s"), (31, 31.4, "31s"), (0.4, 31, "400ms–31s"), (40, 720, "40s–12m"), (580, 7200, "580s–2h"),
    ])
  func ranges(_ low: Double, _ high: Double, _ text: String) {
    #expect(Glyphs.unicode.range(.seconds(low), .seconds(high)) == text)
    #expect(Glyphs.ascii.range(.seconds(low), .seconds(high)).allSatisfy { $0.isASCII })
  }

  @Test("owners are called by their service, and told apart by their process")
  func owners() {
    #expect(Fixture.ordersOwner.label == "orders.service")
    #expect(Fixture.ordersOwner.exactLabel == "orders.service (812)")
    #expect(Fixture.cartOwner.label == "pod 3f2a9c1e")
    #expect(Fixture.billingOwner.label == "billing (pid 990)")
    #expect(ServiceUnit(.container, "9d1b\u{202E}7e3a").label == "container 9d1b7e3a")
  }

  @Test("a translated peer is shown with where it really goes")
  func translated() {
    let connection = Fixture.connection(1, .active, remote: "10.96.0.10", translated: "10.0.3.9")
    #expect(connection.peerText(.unicode) == "10.96.0.10:5432 → 10.0.3.9:8080")
    #expect(connection.peerText(.ascii).allSatisfy { $0.isASCII })
  }
}
