/// What an application depends on.
public struct DependencyDescription: Sendable, Hashable {
  /// The name that the application gives it, and that commands name it by; 1 to 128 bytes are shown.
  public var name: String
  /// What it speaks (`postgres`, `redis`, `http`); nil leaves the guess to the port.
  public var kind: String?
  /// A host name or an address.
  public var host: String
  /// The port that is connected to.
  public var port: UInt16
  /// What the client is configured to do.
  public var policy: DependencyPolicy

  /// A dependency.
  ///
  /// - Parameters:
  ///   - name: The name that the application gives it.
  ///   - kind: What it speaks; nil leaves the guess to the port.
  ///   - host: A host name or an address.
  ///   - port: The port that is connected to.
  ///   - policy: What the client is configured to do.
  public init(
    name: String, kind: String? = nil, host: String, port: UInt16, policy: DependencyPolicy = DependencyPolicy()
  ) {
    self.name = name
    self.kind = kind
    self.host = host
    self.port = port
    self.policy = policy
  }
}
