/// A program with a screen, ready to be started.
struct Program {
  var name: String
  /// Its path and its arguments.
  var arguments: [String]
  var environment: [String: String]
  /// Is on the screen once there is more than a frame without content; nil for a program that starts with content.
  var content: String?

  init(_ name: String, _ arguments: [String], home: String) {
    self.name = name
    self.arguments = arguments
    environment = [
      "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": home,
      "USER": "root", "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home,
    ]
  }
}
