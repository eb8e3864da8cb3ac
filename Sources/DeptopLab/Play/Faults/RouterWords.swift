/// The words that break or mend the router.
enum RouterWords {
  /// Several settings of it; what is nil is not spoken of.
  struct Settings: Sendable {
    var idleTimeout: Double??
    var resetsUnknown: Bool?
    var largestPacket: Int??

    var faults: [RouterFault] {
      [
        idleTimeout.map(RouterFault.idleTimeout), resetsUnknown.map(RouterFault.resetsUnknown),
        largestPacket.map(RouterFault.swallowsLargerThan),
      ].compactMap(\.self)
    }
  }

  static let keys = FaultKeys<Settings>([
    FaultKey(
      "idle-timeout", \.idleTimeout,
      .either("never", .number("seconds", in: 0...Double(RouterState.longIdleTimeout)))),
    FaultKey("resets-unknown", \.resetsUnknown, .flag),
    FaultKey("mtu", \.largestPacket, .either("none", .whole("bytes", in: 68...65_535))),
  ])

  static let forget = "forget"

  /// What is done with packets to an address.
  static let verbs: [(word: String, fault: @Sendable (String) -> RouterFault)] = [
    ("drop", { .drop(address: $0, true) }), ("pass", { .drop(address: $0, false) }),
    ("refuse", { .refuse(address: $0, true) }), ("accept", { .refuse(address: $0, false) }),
  ]

  /// The words that follow `router`.
  static func words(_ fault: RouterFault) -> [String] {
    switch fault {
    case .idleTimeout(let seconds): keys.words(Settings(idleTimeout: .some(seconds)))
    case .forget: [forget]
    case .resetsUnknown(let resets): keys.words(Settings(resetsUnknown: resets))
    case .swallowsLargerThan(let bytes): keys.words(Settings(largestPacket: .some(bytes)))
    case .drop(let address, _), .refuse(let address, _):
      verbs.filter { $0.fault(address) == fault }.flatMap { [$0.word, address] }
    }
  }
}
