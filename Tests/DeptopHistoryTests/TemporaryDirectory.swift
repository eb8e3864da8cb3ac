import Glibc
import Testing

/// Runs a test with a directory of its own, which is removed afterwards.
func withTemporaryDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  var template = Array("/tmp/deptop-history-XXXXXX".utf8CString)
  let path = try #require(unsafe mkdtemp(&template).map { unsafe String(cString: $0) })
  defer { removeTree(path) }
  return try await body(path)
}

/// The permission bits of a file.
func permissions(of path: String) throws -> mode_t {
  var status = stat()
  try #require(unsafe stat(path, &status) == 0)
  return status.st_mode & 0o7777
}

private func removeTree(_ path: String) {
  for name in names(in: path) {
    let child = "\(path)/\(name)"
    if unsafe unlink(child) != 0 { removeTree(child) }
  }
  #expect(unsafe rmdir(path) == 0)
}

/// The names in a directory.
func names(in path: String) -> [String] {
  guard let directory = unsafe opendir(path) else { return [] }
  defer { unsafe closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
