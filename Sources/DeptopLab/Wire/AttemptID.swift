/// Which ids may travel: they are written to the ledger, so that nothing in one may look like a separator.
package enum AttemptID {
  package static let longest = 128

  /// True for 1…128 printable ASCII characters without a space.
  package static func isValid(_ id: some StringProtocol) -> Bool {
    let bytes = id.utf8
    return (1...longest).contains(bytes.count) && bytes.allSatisfy { (0x21...0x7e).contains($0) }
  }
}
