/// The sequence that puts a text on the terminal's clipboard (OSC 52).
struct ClipboardRequest {
  static let limit = 64 << 10
  private static let families = ["xterm", "tmux", "screen", "rxvt", "foot", "kitty", "alacritty", "wezterm", "contour"]

  let bytes: [UInt8]

  /// Nil for a text that is too long and for a terminal that might print the request instead of obeying it.
  init?(_ text: String, type: String, hasCapability: Bool) {
    guard text.utf8.count <= ClipboardRequest.limit,
      hasCapability || ClipboardRequest.families.contains(where: type.hasPrefix)
    else { return nil }
    bytes = Array("\u{1b}]52;c;".utf8) + ClipboardRequest.base64(Array(text.utf8)) + [0x07]
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0...3 {
        text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return text
  }
}
