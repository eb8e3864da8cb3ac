import DeptopTerminal
import FoundationEssentials
import Testing

@Suite struct TerminalDescriptionTests {
  /// An entry with 14 numbers, the last of them the colours.
  private func entry(colors: [UInt8], magic: [UInt8] = [0x1A, 0x01], names: String = "x|y", flags: Int = 2) -> Data {
    let text = Array(names.utf8) + [0]
    let width = colors.count
    let head: [UInt8] = magic + [UInt8(text.count), 0, UInt8(flags), 0, 14, 0, 0, 0, 0, 0]
    let padding = [UInt8](repeating: 0, count: (text.count + flags) % 2)
    return Data(
      head + text + [UInt8](repeating: 0, count: flags) + padding
        + [UInt8](repeating: 0xFF, count: 13 * width) + colors)
  }

  @Test func `colours are read from numbers of 16 and of 32 bits, at even places`() {
    #expect(TerminalDescription.colors(in: entry(colors: [8, 0])) == 8)
    #expect(TerminalDescription.colors(in: entry(colors: [0, 1], flags: 3)) == 256)
    #expect(TerminalDescription.colors(in: entry(colors: [0, 0, 0, 1], magic: [0x1E, 0x02])) == 1 << 24)
    #expect(TerminalDescription.colors(in: entry(colors: [0xFF, 0xFF])) == nil)
    #expect(TerminalDescription.colors(in: entry(colors: [0xFF, 0xFF, 0xFF, 0xFF], magic: [0x1E, 0x02])) == nil)
  }

  @Test func `what is no entry, or only the beginning of one, has no colours`() {
    let whole = entry(colors: [8, 0])
    for length in 0..<whole.count { #expect(TerminalDescription.colors(in: whole.prefix(length)) == nil) }
    #expect(TerminalDescription.colors(in: entry(colors: [8, 0], magic: [1, 2])) == nil)
  }

  @Test func `the first name that has an entry is used, and a name is no path`() throws {
    let folder = "/tmp/deptop-terminfo-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder + "/7a", withIntermediateDirectories: true)
    // What is left of a failed removal harms nobody.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try entry(colors: [16, 0]).write(to: URL(filePath: folder + "/7a/zterm"))
    let found = TerminalDescription(oneOf: ["", "absent", "../7a/zterm", "zterm"], in: ["/nowhere", folder])
    #expect(found?.name == "zterm")
    #expect(found?.colors == 16)
    #expect(TerminalDescription(oneOf: ["absent"], in: [folder]) == nil)
  }

  @Test func `folders are looked through in the order of ncurses`() {
    let variables = ["TERMINFO": "/a", "HOME": "/home/x", "TERMINFO_DIRS": "/b:/c"]
    #expect(TerminalDescription.folders { variables[$0] }.prefix(4) == ["/a", "/home/x/.terminfo", "/b", "/c"])
    #expect(TerminalDescription.folders { _ in nil }.first == "/etc/terminfo")
  }
}
