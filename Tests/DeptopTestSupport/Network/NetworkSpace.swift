internal import Glibc

/// A network namespace of its own, with nothing in it but a loopback device.
///
/// A child process holds it, and ends with this value and with the test process: the kernel then takes the namespace
/// down with its devices, addresses, rules and tracked flows.
package final class NetworkSpace: Sendable {
  /// The process that holds it.
  package let pid: Int32
  private let holder: ChildProcess
  private let directory: TemporaryDirectory

  private init(holder: ChildProcess, directory: TemporaryDirectory) {
    self.holder = holder
    self.directory = directory
    pid = holder.pid
  }

  /// Makes one and waits until its loopback device is up.
  ///
  /// - Throws: ``TestFailure`` where namespaces cannot be made.
  package static func start() async throws -> NetworkSpace {
    let directory = try TemporaryDirectory()
    let outside = try namespace(of: "self")
    // Never reads anything, so that it stays until it is ended.
    var command = ChildProcess.Command(
      [try Program.required("tail"), "-f", "/dev/null"], outputPath: directory.file("holder.log"))
    command.launcher = [try Program.required("unshare"), "--net"]
    let holder = try await ChildProcess.start(command)
    try await waitUntil("process \(holder.pid) has a network namespace") {
      guard !holder.hasExited else { throw TestFailure("no network namespace: \(directory.read("holder.log"))") }
      return try namespace(of: "\(holder.pid)") != outside
    }
    let space = NetworkSpace(holder: holder, directory: directory)
    try await space.run(["ip", "link", "set", "lo", "up"])
    return space
  }

  /// The inode by which the kernel names it.
  package var inode: UInt32 {
    get throws {
      let link = try NetworkSpace.namespace(of: "\(pid)")
      guard let inode = UInt32(link.filter(\.isNumber)) else { throw TestFailure("\(link) is not understood") }
      return inode
    }
  }

  /// What is put before a program so that it runs in here.
  package var launcher: [String] { ["nsenter", "--net=/proc/\(pid)/ns/net"] }

  /// What is put before a program so that it runs in here and has some files of its own, by their paths.
  ///
  /// Only that program and its children see them; the files that they stand for must exist.
  package func launcher(replacing files: [String: String]) -> [String] {
    let mounts = files.sorted { $0.key < $1.key }.map { "mount --bind '\($0.value)' '\($0.key)' && " }.joined()
    return launcher + ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounts + #"exec "$@""#, "sh"]
  }

  /// Runs a program in here to its end, and answers what it wrote to its standard output and standard error.
  ///
  /// - Parameters:
  ///   - arguments: The program and its arguments.
  ///   - input: What it reads from its standard input.
  /// - Returns: All that it wrote.
  /// - Throws: ``TestFailure`` with what it wrote when it does not end with status 0.
  @discardableResult
  package func run(_ arguments: [String], input: String? = nil) async throws -> String {
    let name = "run-\(UInt64.random(in: 0...UInt64.max))"
    defer { [name, "\(name).in"].forEach { unsafe unlink(directory.file($0)) } }
    let program = try arguments.first.map { try Program.required($0) } ?? ""
    var command = ChildProcess.Command([program] + arguments.dropFirst(), outputPath: directory.file(name))
    command.launcher = launcher
    if let input { command.inputPath = try directory.write(input, to: "\(name).in") }
    let status = try await ChildProcess.run(command)
    let output = directory.read(name)
    guard status == 0 else { throw TestFailure("\(arguments.joined(separator: " ")) ended with \(status): \(output)") }
    return output
  }

  /// Sets kernel settings of this namespace, such as `net.ipv4.ip_forward=1`.
  package func set(_ settings: String...) async throws {
    try await run(["sysctl", "-q", "-w"] + settings)
  }

  /// `net:[N]` of a process; its own link for `self`.
  private static func namespace(of process: String) throws -> String {
    let path = "/proc/\(process)/ns/net"
    var buffer = [CChar](repeating: 0, count: 64)
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count > 0 else { throw TestFailure("\(path) cannot be read: error \(errno)") }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
