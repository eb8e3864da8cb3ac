package import FoundationEssentials

/// The compiled terminfo entry that a terminal type stands for on this host (term(5)); reading it touches no terminal.
package struct TerminalDescription: Sendable, Hashable {
  /// Its name.
  package let name: String
  /// The numeric capability `max_colors`; nil when the entry has none, or cannot be read.
  package let colors: Int?

  /// Where entries are looked for, in ncurses' order: `TERMINFO`, `HOME` and `TERMINFO_DIRS` before the system's places.
  package static func folders(_ variable: (String) -> String?) -> [String] {
    let own = variable("HOME").map { $0 + "/.terminfo" }
    return [variable("TERMINFO"), own].compactMap { $0 }
      + (variable("TERMINFO_DIRS") ?? "").split(separator: ":").map(String.init)
      + ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"]
  }

  /// The first of the names that has an entry in any of the folders; nil when none has.
  package init?(oneOf names: [String], in folders: [String]) {
    for name in names {
      guard let first = name.utf8.first, !name.contains("/") else { continue }
      for folder in folders {
        // By the first letter, or where a file system does not tell letters' cases apart, by its code.
        for part in [String(name.prefix(1)), String(first, radix: 16)] {
          guard let data = FileManager.default.contents(atPath: "\(folder)/\(part)/\(name)") else { continue }
          self.name = name
          colors = TerminalDescription.colors(in: data)
          return
        }
      }
    }
    return nil
  }

  /// The colours in a compiled entry.
  ///
  /// Six 16-bit numbers are its head: magic, bytes of names, flags, numbers, and two about strings. The numbers stand
  /// behind names and flags at an even place, of 16 bits or of 32, and `max_colors` is the 14th of them.
  package static func colors(in data: Data) -> Int? {
    let bytes = [UInt8](data)
    func short(_ offset: Int) -> Int? {
      guard offset >= 0, offset + 1 < bytes.count else { return nil }
      return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }
    guard let magic = short(0), [0o432, 0o1036].contains(magic), let names = short(2), let flags = short(4),
      let numbers = short(6), numbers > 13
    else { return nil }
    let start = 12 + names + flags
    let size = magic == 0o1036 ? 4 : 2
    let place = start + start % 2 + 13 * size
    guard let low = short(place) else { return nil }
    // A negative number stands for a capability that is not there.
    guard size == 4 else { return low < 0x8000 ? low : nil }
    guard let high = short(place + 2), high < 0x8000 else { return nil }
    return high << 16 | low
  }
}
