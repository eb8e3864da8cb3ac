import DeptopWire
import Testing

struct PercentEncodingTests {
  @Test(arguments: ["orders-db", "[2001:db8::1]:443", "a/b?c#d%e", "naïve ☃", "", "\u{1b}[31m\n"])
  func `any name survives`(name: String) {
    let encoded = PercentEncoding.encode(name)
    #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
    #expect(!encoded.contains("/") && !encoded.contains("?"))
    #expect(PercentEncoding.decode(encoded) == name)
  }

  @Test(arguments: ["%", "%4", "%zz", "%ff"])
  func `what is not encoded text is refused`(text: String) {
    #expect(PercentEncoding.decode(text) == nil)
  }
}
