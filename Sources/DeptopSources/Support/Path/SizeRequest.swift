/// Requests of a chosen length whose answers are short: a long answer could be lost itself, and its acknowledgement
/// with it.
package enum SizeRequest {
  /// Asks whether a key with a very long name exists.
  ///
  /// A refusal, such as `-NOAUTH`, is as good an answer.
  package static func redis(bytes count: Int) -> [UInt8]? {
    // Where the length of one name cannot be written in as many digits as fit, a second name takes some bytes.
    redis(bytes: count, start: "*2\r\n$6\r\nEXISTS\r\n$")
      ?? redis(bytes: count, start: "*3\r\n$6\r\nEXISTS\r\n$1\r\nx\r\n$")
  }

  private static func redis(bytes count: Int, start: String) -> [UInt8]? {
    for digits in 2...5 {
      let length = count - start.utf8.count - digits - 4
      if length > 0, String(length).utf8.count == digits {
        return Array((start + "\(length)\r\n" + String(repeating: "x", count: length) + "\r\n").utf8)
      }
    }
    return nil
  }

  /// A StartupMessage of protocol 3.0 with a long `application_name`, for the user `deptop`.
  ///
  /// Where a password is asked for, the server notes nothing when the client leaves instead. Where the user may enter
  /// without one, or `pg_hba.conf` has no line for it, the server logs one line for each connection.
  package static func postgres(bytes count: Int) -> [UInt8]? {
    let start = "user\0deptop\0database\0postgres\0application_name\0"
    let filling = count - 8 - start.utf8.count - 2
    // The server refuses a longer one (MAX_STARTUP_PACKET_LENGTH).
    guard filling > 0, count <= 10_000 else { return nil }
    let length = [UInt8(count >> 24 & 0xff), UInt8(count >> 16 & 0xff), UInt8(count >> 8 & 0xff), UInt8(count & 0xff)]
    return length + [0, 3, 0, 0] + Array(start.utf8) + Array(repeating: UInt8(ascii: "x"), count: filling) + [0, 0]
  }

  /// Asks for keys with long names, each below the limit of 250 bytes.
  package static func memcached(bytes count: Int) -> [UInt8]? {
    guard count > 8 else { return nil }
    let names = (0..<(count - 6)).map { index in
      index % 200 == 199 && index + 1 < count - 6 ? UInt8(ascii: " ") : UInt8(ascii: "x")
    }
    return Array("get ".utf8) + names + Array("\r\n".utf8)
  }

  /// The beginning of a TLS record that announces more than it brings: the server waits for the rest, and takes the end
  /// of the connection for a handshake that was given up.
  package static func partOfClientHello(bytes count: Int) -> [UInt8]? {
    // A handshake record of 16 KiB with a ClientHello that fills it.
    let start: [UInt8] = [22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3]
    guard count > start.count, count < 0x4000 else { return nil }
    return start + Array(repeating: 0, count: count - start.count)
  }
}
