/// A request for the headers of a server's first page.
package struct HTTPHead {
  /// The longest header line, bytes: servers refuse lines of some kilobytes.
  private static let longestLine = 1000
  private static let filler = "X-Filler: "

  package let host: String

  package init(host: String) {
    self.host = host
  }

  package var bytes: [UInt8] { Array((head + "\r\n").utf8) }

  /// The same with headers that mean nothing, so many bytes in all; nil when it does not fit.
  package func bytes(filledTo count: Int) -> [UInt8]? {
    let room = count - bytes.count
    // Each line is its name, one character at least, and the line's end.
    let lines = (room + HTTPHead.longestLine - 1) / HTTPHead.longestLine
    let overhead = HTTPHead.filler.utf8.count + 2
    guard lines > 0, room / lines > overhead else { return nil }
    var text = head
    for line in 0..<lines {
      let length = room / lines + (line < room % lines ? 1 : 0) - overhead
      text += HTTPHead.filler + String(repeating: "x", count: length) + "\r\n"
    }
    return Array((text + "\r\n").utf8)
  }

  private var head: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return "HEAD / HTTP/1.1\r\nHost: \(name)\r\nUser-Agent: deptop\r\nConnection: close\r\n"
  }
}
