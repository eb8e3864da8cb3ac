/// The limits of what collector and helper say to each other.
///
/// Each message is one packet of a Unix socket (SOCK_SEQPACKET): a request, answered by one answer before the next.
package enum Frame {
  /// Changes with every change of the messages: collector and helper are installed together.
  static let version: UInt16 = 1
  /// The first bytes of a greeting: `dth` and a newline.
  static let magic: UInt32 = 0x0a68_7464
  /// The longest message, bytes.
  package static let longest = 128 << 10
  /// What an answer with many elements keeps free for its beginning, bytes.
  static let reserve = 1 << 10

  /// How many elements a request has at most; longer lists take several.
  static let mostInodes = 16_000
  static let mostEnds = 2_000
  static let mostTargets = 1_000
  /// A step can search the descriptors of a process for each, and is answered within seconds.
  static let mostRepairs = 256
}
