/// The words that change how an upstream serves.
enum ServiceWords {
  static let keys = FaultKeys<ServiceChange>([
    FaultKey("service-time", \.serviceTime, .seconds),
    FaultKey("spread", \.spread, .share),
    FaultKey("workers", \.workers, .whole(in: 1...10_000)),
    FaultKey("queue", \.queue, .whole(in: 0...1_000_000)),
    FaultKey("errors", \.errors, .share),
    FaultKey("stalled", \.isStalled, .flag),
    FaultKey("refusing", \.isRefusing, .flag),
    FaultKey("drops-abandoned", \.dropsAbandoned, .flag),
    FaultKey("login", \.login, .seconds),
    FaultKey("logins", \.logins, .whole(in: 1...10_000)),
  ])
}
