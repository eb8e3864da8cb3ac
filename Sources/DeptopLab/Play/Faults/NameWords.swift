/// The words about names and the name server.
enum NameWords {
  static let ending = ".lab"

  static let keys = FaultKeys<NameRecord>([
    FaultKey("ttl", \.timeToLive, .whole("whole seconds", in: 0...86_400)) { _ in true }
  ])

  /// What the name server does.
  static let commands: KeyValuePairs<String, NameCommand> = [
    "fails": .fails(true), "answers": .fails(false), "silent": .isSilent(true), "speaks": .isSilent(false),
  ]
}

/// The words of a restart.
enum RestartWords {
  static let word = "restart"

  /// The start-up time, seconds.
  static let keys = FaultKeys<Double>([FaultKey("start-up", \.self, .seconds) { _ in true }])
}
