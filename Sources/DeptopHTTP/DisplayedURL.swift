/// A URL as it may stand in a message.
enum DisplayedURL {
  private static let limit = 200

  /// Leaves out user, password, query and fragment, escapes what controls a terminal, and shortens.
  static func text(_ url: String) -> String {
    let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
    var shown = String(url[..<end])
    if let scheme = shown.firstRange(of: "://") {
      let authorityEnd = shown[scheme.upperBound...].firstIndex(of: "/") ?? shown.endIndex
      if let at = shown[scheme.upperBound..<authorityEnd].lastIndex(of: "@") {
        shown.removeSubrange(scheme.upperBound...at)
      }
    } else if let at = shown.lastIndex(of: "@") {
      shown.removeSubrange(...at)
    }
    if end < url.endIndex { shown += "\(url[end])…" }
    return clean(shown)
  }

  /// Makes text from a peer or a library fit for one line.
  static func clean(_ text: String) -> String {
    var cleaned = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        cleaned += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        cleaned.unicodeScalars.append(scalar)
      }
    }
    return text.unicodeScalars.count > limit ? cleaned + "…" : cleaned
  }
}
