internal import ArgumentParser
internal import DeptopConnection
internal import DeptopDashboard
internal import DeptopModel
internal import DeptopWire
internal import Glibc

/// Which collector a command asks.
struct CollectorOptions: ParsableArguments {
  @Option(help: "The collector's control socket; else the system's, then the user's own.")
  var socket: String?

  /// The socket that was named, or the first of the usual ones that exists.
  var socketPath: String {
    if let socket { return socket }
    let candidates = DefaultPaths.candidates(userID: geteuid(), environment: Environment.value)
    return candidates.first { unsafe access($0, F_OK) == 0 } ?? candidates[candidates.count - 1]
  }

  var connection: CollectorConnection { CollectorConnection(socketPath: socketPath) }
}

/// Whether a command prints for a person or for a program.
struct FormatOptions: ParsableArguments {
  @Flag(help: "Print JSON as the collector sends it.")
  var json = false
}

/// The environment's variables.
enum Environment {
  static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}

extension LocalClock {
  /// The clock of this process' time zone.
  static func current() -> LocalClock {
    var now = Glibc.time(nil)
    var local = unsafe tm()
    tzset()
    guard unsafe localtime_r(&now, &local) != nil else { return LocalClock() }
    return LocalClock(offsetSeconds: unsafe local.tm_gmtoff)
  }
}
