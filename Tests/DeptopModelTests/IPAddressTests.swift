import DeptopModel
import Testing

struct IPAddressTests {
  @Test(arguments: ["127.0.0.1", "0.0.0.0", "255.255.255.255", "10.0.3.7", "::1", "2001:db8::8:800:200c:417a", "::"])
  func `text survives parsing`(text: String) throws {
    #expect(try #require(IPAddress(text)).description == text)
  }

  @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", ":::", "fe80::1%eth0"])
  func `what is no address is refused`(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func `a mapped address is its IPv4 address`() throws {
    let mapped = try #require(IPAddress("::ffff:10.0.3.7"))
    #expect(mapped == IPAddress("10.0.3.7"))
    #expect(mapped.isV4)
    #expect(mapped.description == "10.0.3.7")
  }

  @Test func `loopback and wildcard are told in both families`() throws {
    #expect(try #require(IPAddress("127.9.9.9")).isLoopback)
    #expect(try #require(IPAddress("::1")).isLoopback)
    #expect(try !#require(IPAddress("10.0.0.1")).isLoopback)
    #expect(try #require(IPAddress("::")).isUnspecified)
    #expect(try #require(IPAddress("0.0.0.0")).isUnspecified)
    #expect(try #require(IPAddress("::ffff:0.0.0.0")).isUnspecified)
  }

  @Test func `an address and a port are written as usual`() throws {
    #expect(SocketAddress(try #require(IPAddress("10.0.0.1")), port: 80).description == "10.0.0.1:80")
    #expect(SocketAddress(try #require(IPAddress("2001:db8::1")), port: 443).description == "[2001:db8::1]:443")
  }
}
