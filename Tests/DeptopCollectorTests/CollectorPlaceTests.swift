import DeptopTestSupport
import Glibc
import Testing

@testable import DeptopCollector

struct CollectorPlaceTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func failure(at path: String) -> String? {
    do throws(CollectorPlace.Failure) {
      _ = try CollectorPlace(socketPath: path)
      return nil
    } catch {
      return error.description
    }
  }

  /// Leaves a socket file behind that nobody serves, as a crash does.
  private func abandonSocket(at path: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    let isBound = unsafe withUnixAddress(path) { unsafe bind(descriptor, $0, $1) == 0 }
    guard isBound else { throw TestFailure("cannot bind \(path): \(errno)") }
  }

  private func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  @Test func `a second instance is told that there is one, and the first is not touched`() throws {
    let path = directory.file("control.sock")
    let first = try CollectorPlace(socketPath: path)
    try abandonSocket(at: path)
    #expect(failure(at: path) == "\(path): another collector already serves this socket")
    #expect(exists(path))
    withExtendedLifetime(first) {}
  }

  @Test func `when the first has ended the place is free, and its socket gone`() throws {
    let path = directory.file("control.sock")
    do {
      let first = try CollectorPlace(socketPath: path)
      try abandonSocket(at: path)
      withExtendedLifetime(first) {}
    }
    #expect(!exists(path))
    #expect(failure(at: path) == nil)
  }

  @Test func `a socket file that a crash left behind is removed`() throws {
    let path = directory.file("control.sock")
    try abandonSocket(at: path)
    let place = try CollectorPlace(socketPath: path)
    #expect(!exists(path) && place.path == path)
  }

  @Test func `a file that is no socket is left alone, and does not keep the place`() throws {
    let path = try directory.write("precious", to: "control.sock")
    #expect(failure(at: path) == "\(path): is not a socket, and is left alone")
    #expect(directory.read("control.sock") == "precious")
    unsafe unlink(path)
    #expect(failure(at: path) == nil)
  }

  @Test(arguments: [107, 108])
  func `a path that a socket cannot have is refused`(length: Int) throws {
    let path = directory.file(String(repeating: "x", count: length - directory.path.utf8.count - 1))
    #expect(path.utf8.count == length)
    let expected = length < 108 ? nil : "\(path): a Unix socket's path has at most 107 bytes, this one 108"
    #expect(failure(at: path) == expected)
  }

  @Test func `a missing directory is created for everybody to enter`() throws {
    let place = try CollectorPlace(socketPath: directory.file("run/control.sock"))
    var status = stat()
    #expect(unsafe stat(directory.file("run"), &status) == 0 && status.st_mode & 0o777 == 0o755)
    withExtendedLifetime(place) {}
  }

  @Test func `more than one missing directory is a mistake in the path`() {
    let path = directory.file("a/b/control.sock")
    #expect(
      failure(at: path)
        == "\(directory.file("a/b")): the socket's directory cannot be created: No such file or directory")
  }

  @Test func `a file in the directory's place is named`() throws {
    try directory.write("", to: "run")
    let message = try #require(failure(at: directory.file("run/control.sock")))
    #expect(message.contains(directory.file("run/control.sock.lock")) && message.contains("Not a directory"))
  }

  @Test func `a directory that may not be written to is named`() throws {
    // The kernel's own file system is read-only for everybody, root too.
    let message = try #require(failure(at: "/proc/self/control.sock"))
    #expect(message.contains("/proc/self/control.sock.lock: cannot be created"))
  }

  @Test func `everybody may connect once it is served`() throws {
    let path = directory.file("control.sock")
    let place = try CollectorPlace(socketPath: path)
    #expect(throws: CollectorPlace.Failure.self) { try place.admitEveryone() }
    try abandonSocket(at: path)
    try place.admitEveryone()
    var status = stat()
    #expect(unsafe stat(path, &status) == 0 && status.st_mode & 0o777 == 0o666)
  }
}
