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
      configuration.askOwnHostIfEmpty()
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
      return try SmallFile(reading: path).text
    } catch {
      if error.number == ENOENT { return "" }
      throw .transient("cannot read \(path): \(error)")
    }
  }
}
