/// Reads passwords, and refuses those that every user of the host can read.
struct PasswordReader {
  /// The configuration file's path.
  let path: String
  /// The configuration file: its mode decides whether it may hold a password.
  let configuration: FileContents
  let access: FileAccess

  /// A password in the configuration itself, which other users must then not be able to read.
  func inline(_ field: Field) throws(Mistake) -> Secret {
    guard !configuration.isReadableByOthers else {
      throw field.mistake(
        "a password may only stand in a file that other users cannot read, and \(path) has "
          + "\(configuration.modeDescription); use password_file, or take the right to read from others (chmod o-r)",
        isSecret: true)
    }
    return Secret(try field.text("a password", limit: Limits.passwordBytes, isSecret: true))
  }

  /// A password in a file of its own.
  ///
  /// A group may read it, because that is how a root-owned file reaches the
  /// collector's user.
  func file(_ field: Field) throws(Mistake) -> Secret {
    let path = try field.absolutePath()
    let contents: FileContents
    do throws(FileFailure) {
      contents = try access.read(path, Limits.passwordBytes)
    } catch {
      throw field.mistake(error.description)
    }
    guard !contents.isReadableByOthers else {
      throw field.mistake(
        "has \(contents.modeDescription), so that every user can read the password; "
          + "take the right to read from others (chmod o-r)")
    }
    var bytes = contents.bytes[...]
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard !bytes.isEmpty else { throw field.mistake("holds no password") }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw field.mistake("is not UTF-8 text") }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw field.mistake("holds more than one line, or control characters")
    }
    return Secret(text)
  }
}
