package import DeptopModel

/// What a hosts file says: names and addresses that processes use before they ask any resolver.
package struct HostsFile: Sendable, Hashable {
  /// What an answer from it is called, in place of a resolver.
  package static let label = "hosts file"
  package static let empty = HostsFile(parsing: "")

  /// The addresses of each name in lower case, in the order of the file.
  private var addresses: [String: [IPAddress]] = [:]
  /// The first name on the first line of each address.
  private var names: [IPAddress: String] = [:]

  /// Reads the text of a hosts file; lines that are none are passed over.
  ///
  /// The last line of a text that is cut, because it ends in the middle of the file, is not trusted.
  package init(parsing text: String, isCut: Bool = false) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for line in isCut ? lines.dropLast() : lines[...] { read(line) }
  }

  /// The addresses of exactly this name, as the C library looks it up: without a search list; nil when it is not there.
  package func addresses(of name: String) -> [IPAddress]? { addresses[name.lowercased()] }

  /// The canonical name of an address; nil when it is not there.
  package func name(of address: IPAddress) -> String? { names[address] }

  private mutating func read(_ line: Substring) {
    let content = line.prefix { $0 != "#" }
    let words = content.split(whereSeparator: \.isWhitespace)
    guard let first = words.first, let address = IPAddress(String(first)) else { return }
    let given = words.dropFirst().map(String.init).filter(HostName.isUsable)
    guard let canonical = given.first else { return }
    if names[address] == nil { names[address] = canonical }
    for name in given {
      let key = name.lowercased()
      if addresses[key]?.contains(address) != true { addresses[key, default: []].append(address) }
    }
  }
}

/// Names of hosts as others give them.
package enum HostName {
  /// The most characters that a name in DNS has, without its final dot.
  private static let limit = 253

  /// True for letters, digits, hyphens, underscores and dots alone: a name that can be shown and asked for as it is.
  package static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= limit
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
