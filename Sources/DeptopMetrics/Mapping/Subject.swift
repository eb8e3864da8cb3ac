internal import DeptopConfiguration
internal import DeptopModel

/// The dependency that a point's labels are about.
struct Subject {
  var key: DependencyKey
  /// What an address says that it speaks.
  var kind: ServiceKind?

  /// nil when no label says which dependency it is.
  init?(_ labels: PointLabels, _ wanted: DependencyLabels) {
    var key = DependencyKey(
      name: labels.first(of: wanted.name), host: labels.first(of: wanted.host),
      port: labels.first(of: wanted.port).flatMap { UInt16($0) }.flatMap { $0 > 0 ? $0 : nil })
    if let text = labels.first(of: wanted.address) {
      let address = AddressText(text)
      kind = address.kind
      if key.host == nil, let host = address.host {
        key.host = host
        key.port = address.port
      }
      key.name = key.name ?? address.name
    }
    if key.name == nil, key.host == nil { key.name = wanted.defaultName }
    guard key.name != nil || key.host != nil else { return nil }
    key.name = key.name.map { DisplayText.clean($0, limit: 200) }
    key.host = key.host.map { DisplayText.clean($0, limit: 253) }
    if key.host == nil { key.port = nil }
    self.key = key
  }
}

extension ClientIdentity {
  /// Characters of a UUID that are shown: as many as its first group has.
  private static let instanceLength = 8

  /// The client that a point's labels name, else the one that sent it.
  ///
  /// What the kernel knows about the sender holds for a named client only when the point gives the sender's pid:
  /// otherwise somebody passed the point on.
  static func of(_ labels: PointLabels, _ wanted: ClientLabels, default sender: ClientIdentity) -> ClientIdentity {
    guard let service = labels.first(of: wanted.name), !service.hasPrefix("unknown_service") else { return sender }
    var name = DisplayText.clean(service, limit: 100)
    if let instance = labels.first(of: wanted.instance) {
      name += "@" + DisplayText.clean(short(instance), limit: 100)
    }
    let pid = labels["process.pid"].flatMap { Int32($0) }
    guard let pid, pid == sender.pid else { return ClientIdentity(name: name, isVerified: false) }
    var client = sender
    client.name = name
    return client
  }

  /// A UUID's first group; anything else as it is.
  private static func short(_ instance: String) -> String {
    let groups = instance.split(separator: "-", omittingEmptySubsequences: false)
    let isUUID = groups.map(\.count) == [8, 4, 4, 4, 12] && instance.allSatisfy { $0.isHexDigit || $0 == "-" }
    return isUUID ? String(instance.prefix(instanceLength)) : instance
  }
}
