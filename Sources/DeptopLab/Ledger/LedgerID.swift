/// A request's id, `CLIENT-NUMBER`, taken apart; the client's name may have hyphens too.
struct LedgerID: Sendable, Hashable {
  let client: String
  let number: Int64

  /// Reads a request's id; nil for what is none.
  init?(request id: some StringProtocol) {
    guard let hyphen = id.lastIndex(of: "-"), hyphen > id.startIndex,
      let number = Self.number(id[id.index(after: hyphen)...])
    else { return nil }
    client = String(id[..<hyphen])
    self.number = number
  }

  /// Reads the request's id in an attempt's, `CLIENT-NUMBER.ATTEMPT`; nil for what is none.
  init?(attempt id: String) {
    guard let dot = id.lastIndex(of: "."), Self.number(id[id.index(after: dot)...]) != nil else { return nil }
    self.init(request: id[..<dot])
  }

  /// Plain decimal digits.
  private static func number(_ text: some StringProtocol) -> Int64? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
  }
}
