internal import DeptopKernel
internal import DeptopModel

/// The hosts files of the namespaces that one poll is about, each read once.
struct HostsFiles {
  private let access: (any HostAccess)?
  private let deadline: MonotonicTime
  private var known: [NamespaceID: Result<HostsFile, HostAccessError>]
  /// Why nothing is read any more.
  private var failure: HostAccessError?

  /// Knows the own file; after the deadline no further one is read.
  init(own: HostsFile, access: (any HostAccess)?, deadline: MonotonicTime) {
    self.access = access
    self.deadline = deadline
    known = [.own: .success(own)]
  }

  /// The file that a view's processes use; blocks.
  mutating func file(of view: NameView) -> Result<HostsFile, HostAccessError> {
    if let known = known[view.namespace] { return known }
    let result = read(view)
    known[view.namespace] = result
    return result
  }

  private mutating func read(_ view: NameView) -> Result<HostsFile, HostAccessError> {
    if let failure { return .failure(failure) }
    guard let access, let process = view.process else { return .failure(.absent("nobody reads its hosts file")) }
    guard MonotonicTime.now() < deadline else { return .failure(.broken("not read in time")) }
    do throws(HostAccessError) {
      // A process without the file finds nothing in it.
      guard let bytes = try access.text(of: .hosts, process: process) else { return .success(.empty) }
      // What fills the limit of the access may be the beginning of a longer file.
      let text = String(decoding: bytes, as: UTF8.self)
      return .success(HostsFile(parsing: text, isCut: bytes.count >= 65_536))
    } catch {
      switch error {
      case .absent, .broken: failure = error
      case .refused: break
      }
      return .failure(error)
    }
  }
}
