internal import CLab
internal import Glibc

/// What the process that plays the lab prepares before anything else is started.
package enum InsideGround {
  /// Lays the ground in the lab's directory.
  ///
  /// In namespaces of its own that means routed networks, and a resolver configuration that names the lab's name
  /// server; loopback where there is a barrier, the reason why this process has none.
  package static func lay(directory: String, barrier: String?) async throws(GroundError) -> LabGround {
    guard barrier == nil else { return .loopback() }
    try await LabSpace.current("lab").tool(.ip, ["link", "set", "lo", "up"])
    let ground = try await LabGround.routed()
    try showNameServer("\(ground.addressPrefix)53", in: directory)
    return ground
  }

  private static func showNameServer(_ address: String, in directory: String) throws(GroundError) {
    let place = "/etc/resolv.conf"
    let path = "\(directory)/resolv.conf"
    let text = "nameserver \(address)\noptions timeout:1 attempts:1\n"
    let code = try LabDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644).write(Array(text.utf8))
    guard code == 0 else { throw .system(path, code: code) }
    let mounted = unsafe clab_mount_file(path, place)
    // Where there is no such file nothing of the host has to be hidden.
    guard mounted == 0 || mounted == -ENOENT else { throw .system("\(place) cannot be replaced", code: -mounted) }
  }
}

/// A program that runs among the lab's clients in place of the lab's own play.
package enum GuestProgram {
  /// Runs it to its end with this process's standard input and outputs.
  ///
  /// Answers its exit status, or 128 and the number of the signal that ended it.
  package static func run(_ line: [String], on ground: LabGround) async throws(GroundError) -> Int32 {
    guard let name = line.first else { throw .role("no program is named") }
    let program = try path(of: name)
    let child = try await ground.clients.start(
      ChildCommand(program, Array(line.dropFirst()), input: STDIN_FILENO))
    return await LabSpace.current("guest").run { child.wait() }
  }

  private static func path(of name: String) throws(GroundError) -> String {
    if name.contains("/") { return name }
    if let path = Surroundings.program(name) { return path }
    throw .system(name, code: ENOENT)
  }
}
