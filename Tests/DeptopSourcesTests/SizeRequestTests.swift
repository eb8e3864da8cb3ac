import DeptopConfiguration
import DeptopModel
import DeptopSources
import Testing

@Suite struct SizeRequestTests {
  private func speech(_ kind: ServiceKind?, port: UInt16 = 9) -> PathProtocol {
    var settings = DependencySettings(name: "a", host: "db.example", port: port)
    settings.kind = kind
    return PathProtocol(settings)
  }

  @Test(arguments: ["http", "https", "redis", "postgres", "memcached", "ldaps", "smtps"])
  func `a request has exactly the size that is asked for`(kind: String) {
    let speech = speech(ServiceKind(rawValue: kind))
    // Around the lengths where a request of Redis needs another digit, and where packets of 1500 and 9001 bytes are.
    let counts = Array(500...520) + Array(1015...1045) + Array(1440...1460) + Array(8941...8949)
    #expect(counts.map { speech.sizeRequest(bytes: $0)?.count } == counts)
    #expect(speech.hasSizeRequest)
    #expect(speech.sizeRequest(bytes: 3) == nil)
    #expect(speech.sizeRequest(bytes: -1) == nil)
  }

  @Test(arguments: ["mysql", "smtp", "kafka", "mongodb", "oracle", "unheard-of"])
  func `where no harmless one is known there is none`(kind: String) {
    #expect(!speech(ServiceKind(rawValue: kind)).hasSizeRequest)
  }

  @Test func `the kind is guessed from the port, and a configured one wins`() {
    #expect(speech(nil, port: 6379).opening == .request(Array("PING\r\n".utf8)))
    #expect(speech("http", port: 6379).opening != speech(nil, port: 6379).opening)
    #expect(speech(nil, port: 443).isTLS)
    #expect(speech(nil, port: 465).isTLS && speech(nil, port: 465).opening == .greeting)
    #expect(speech(nil, port: 636).isTLS && speech(nil, port: 636).opening == .unknown)
    #expect(!speech(nil, port: 5432).isTLS && speech(nil, port: 5432).isTimed)
    #expect(speech(nil, port: 3306).opening == .greeting)
    #expect(!speech(nil, port: 9).isTimed)
  }

  @Test func `a head with filling is a complete request of short lines`() throws {
    let bytes = try #require(HTTPHead(host: "2001:db8::1").bytes(filledTo: 8949))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("HEAD / HTTP/1.1\r\nHost: [2001:db8::1]\r\n"))
    #expect(text.hasSuffix("\r\n\r\n"))
    #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 1000 })
    #expect(text.components(of: "\r\n\r\n") == 1)
  }

  @Test func `no key of memcached is longer than it takes`() throws {
    let bytes = try #require(SizeRequest.memcached(bytes: 1448))
    let line = String(decoding: bytes, as: UTF8.self).dropLast(2)
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    #expect(words.first == "get")
    #expect(words.allSatisfy { !$0.isEmpty && $0.utf8.count < 250 })
  }

  @Test func `a startup message says its own length and ends with an empty name`() throws {
    let bytes = try #require(SizeRequest.postgres(bytes: 1448))
    #expect(bytes.prefix(8) == [0, 0, 5, 168, 0, 3, 0, 0])
    #expect(bytes.suffix(3) == [UInt8(ascii: "x"), 0, 0])
    #expect(SizeRequest.postgres(bytes: 10_001) == nil)
  }
}

extension String {
  /// How often a text is in this one.
  fileprivate func components(of text: String) -> Int {
    let (whole, part) = (Array(utf8), Array(text.utf8))
    guard whole.count >= part.count else { return 0 }
    return (0...(whole.count - part.count)).count { whole[$0..<($0 + part.count)].elementsEqual(part) }
  }
}
