internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// The resolvers that are asked now: those of the settings, else those of the host's `resolv.conf`.
///
/// The file is read each time, as it is small and may be replaced at any moment.
package struct ResolverChoice: Sendable {
  private let configured: [String]
  private let path: String

  /// - Parameters:
  ///   - configured: `address` or `address:port`; empty for those of the file.
  ///   - path: The host's `resolv.conf`.
  package init(configured: [String], path: String) {
    self.configured = configured
    self.path = path
  }

  /// The resolvers and the search list as they are now.
  ///
  /// - Throws: ``SourceError/permanent(_:)`` for a configured entry that is no address, and
  ///   ``SourceError/transient(_:)`` for a file that cannot be used.
  package func current() throws(SourceError) -> ResolverConfiguration {
    let chosen = try configuredNameservers()
    var configuration = ResolverConfiguration(parsing: try textOfFile())
    if !chosen.isEmpty {
      configuration.nameservers = chosen
    } else if configuration.nameservers.isEmpty {
      if let entry = configuration.unusableNameservers.first {
        throw .transient("no usable nameserver in \(path): \"\(entry)\" cannot be asked")
      }
      // What the C library does without an entry: it asks the resolver of the host itself.
      configuration.nameservers = [SocketAddress(IPAddress(v4: 0x7f00_0001), port: 53)]
    }
    return configuration
  }

  private func configuredNameservers() throws(SourceError) -> [SocketAddress] {
    var nameservers: [SocketAddress] = []
    for entry in configured {
      guard let address = SocketAddress(entry, defaultPort: 53) else {
        throw .permanent("resolver \"\(entry)\" is neither an address nor address:port")
      }
      if !nameservers.contains(address) { nameservers.append(address) }
    }
    return nameservers
  }

  private func textOfFile() throws(SourceError) -> String {
    do throws(SystemError) {
      return try String(readingSmallFile: path)
    } catch {
      if error.number == ENOENT { return "" }
      throw .transient("cannot read \(path): \(error)")
    }
  }
}

extension String {
  /// Reads at most 64 KiB of a file; what is not UTF-8 is replaced.
  fileprivate init(readingSmallFile path: String) throws(SystemError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError.last }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw SystemError.last }
      if count == 0 { break }
      filled += count
    }
    self.init(decoding: bytes[..<filled], as: UTF8.self)
  }
}
