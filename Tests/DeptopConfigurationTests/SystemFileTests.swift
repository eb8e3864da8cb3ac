import DeptopConfiguration
import Glibc
import Testing

@Suite struct SystemFileTests {
  private func withDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/deptop-configuration-XXXXXX".utf8CString)
    let directory = try #require(unsafe mkdtemp(&template).map { unsafe String(cString: $0) })
    defer { #expect(unsafe rmdir(directory) == 0) }
    try body(directory)
  }

  private func withFile(_ bytes: [UInt8], mode: mode_t, _ body: (String) throws -> Void) throws {
    try withDirectory { directory in
      let path = "\(directory)/deptop.yaml"
      let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
      try #require(descriptor >= 0)
      defer { unsafe unlink(path) }
      #expect(unsafe write(descriptor, bytes, bytes.count) == bytes.count)
      #expect(fchmod(descriptor, mode) == 0)
      close(descriptor)
      try body(path)
    }
  }

  private func error(_ path: String) -> String {
    do throws(ConfigurationError) {
      _ = try ConfigurationFile.load(path: path)
      return ""
    } catch {
      return error.description
    }
  }

  @Test func `a file is read with its mode`() throws {
    try withFile(Array("tick_interval_seconds: 2".utf8), mode: 0o604) { (path) throws in
      #expect(try ConfigurationFile.load(path: path).tickInterval == .seconds(2))
      #expect(try FileAccess.system.read(path, 100).mode == 0o604)
    }
  }

  @Test func `a file of a mebibyte is read and a larger one is refused`() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20)
    try withFile(bytes, mode: 0o600) { (path) throws in
      #expect(try ConfigurationFile.load(path: path) == Settings())
    }
    try withFile(bytes + bytes[..<1], mode: 0o600) { (path) throws in
      #expect(error(path) == "\(path): is larger than 1048576 bytes")
    }
  }

  @Test func `a file that is missing, a directory and a named pipe are refused at once`() throws {
    try withDirectory { directory in
      #expect(error(directory) == "\(directory): is not a regular file")
      #expect(error("\(directory)/none") == "\(directory)/none: cannot be read: No such file or directory")
      let pipe = "\(directory)/pipe"
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      defer { unsafe unlink(pipe) }
      #expect(error(pipe) == "\(pipe): is not a regular file")
    }
  }

  @Test func `bytes that are no text are refused`() throws {
    try withFile([0x61, 0xFF, 0xFE], mode: 0o600) { (path) throws in
      #expect(error(path) == "\(path): is not UTF-8 text")
    }
  }
}
