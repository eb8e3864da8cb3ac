/// Why a check of a path has no result.
enum PathFailure: Error, Hashable {
  case cancelled
  case failed(String)

  /// nil when the check was only given up.
  var reason: String? {
    switch self {
    case .cancelled: nil
    case .failed(let reason): reason
    }
  }
}
