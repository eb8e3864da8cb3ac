import Foundation
import Glibc
import Testing
import deptop

@Suite final class LabSocketsTests {
  private let folder: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/deptop-search-XXXXXX").utf8CString)
    folder = try #require(unsafe mkdtemp(&template).map { unsafe String(cString: $0) })
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
  }

  /// A socket that was bound, so that its path exists.
  private func makeSocket(_ path: String, modifiedAt seconds: Int) throws {
    try FileManager.default.createDirectory(
      atPath: String(path[..<(try #require(path.lastIndex(of: "/")))]), withIntermediateDirectories: true)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    let times = [timeval(tv_sec: seconds, tv_usec: 0), timeval(tv_sec: seconds, tv_usec: 0)]
    try #require(unsafe utimes(path, times) == 0)
  }

  private func newest(_ variables: [String: String], userID: UInt32 = geteuid()) -> String? {
    LabSockets(userID: userID) { variables[$0] }.newest()
  }

  @Test func `the newest socket of this user is taken`() throws {
    try makeSocket(folder + "/run/deptop-lab-a/lab.sock", modifiedAt: 4_000_000_100)
    try makeSocket(folder + "/tmp/deptop-lab-b/lab.sock", modifiedAt: 4_000_000_300)
    try makeSocket(folder + "/tmp/deptop-lab-c/lab.sock", modifiedAt: 4_000_000_200)
    try makeSocket(folder + "/tmp/other/lab.sock", modifiedAt: 4_000_000_400)
    let variables = ["XDG_RUNTIME_DIR": folder + "/run", "TMPDIR": folder + "/tmp"]
    #expect(newest(variables) == folder + "/tmp/deptop-lab-b/lab.sock")
  }

  @Test func `neither a file nor a directory behind a symbolic link counts as a lab`() throws {
    try makeSocket(folder + "/tmp/deptop-lab-old/lab.sock", modifiedAt: 4_000_000_100)
    try makeSocket(folder + "/elsewhere/lab.sock", modifiedAt: 4_000_000_300)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/tmp/deptop-lab-link", withDestinationPath: folder + "/elsewhere")
    try FileManager.default.createDirectory(
      atPath: folder + "/tmp/deptop-lab-file", withIntermediateDirectories: true)
    try #require(FileManager.default.createFile(atPath: folder + "/tmp/deptop-lab-file/lab.sock", contents: Data()))
    #expect(newest(["TMPDIR": folder + "/tmp"]) == folder + "/tmp/deptop-lab-old/lab.sock")
  }

  @Test func `another user's lab is not found`() throws {
    try makeSocket(folder + "/deptop-lab-a/lab.sock", modifiedAt: 4_000_000_100)
    #expect(newest(["TMPDIR": folder], userID: geteuid() &+ 1) != folder + "/deptop-lab-a/lab.sock")
  }

  @Test func `the environment's socket goes before every other`() throws {
    try makeSocket(folder + "/deptop-lab-a/lab.sock", modifiedAt: 4_000_000_100)
    #expect(newest(["TMPDIR": folder, "DEPTOP_LAB": "/some/lab.sock"]) == "/some/lab.sock")
  }
}
