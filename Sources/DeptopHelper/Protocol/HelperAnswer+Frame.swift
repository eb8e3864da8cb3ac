internal import DeptopKernel
internal import DeptopModel

extension HelperAnswer {
  /// The message that answers the request of this number.
  func frame(number: UInt32) -> [UInt8] {
    var writer = FrameWriter()
    writer.put(number)
    writer.put(kind.rawValue)
    put(into: &writer)
    return writer.bytes
  }

  private func put(into writer: inout FrameWriter) {
    switch self {
    case .done: break
    case .refused(let reason), .malformed(let reason): writer.put(reason)
    case .abilities(let abilities):
      writer.put(abilities.missing.sorted { $0.key.rawValue < $1.key.rawValue }) { writer, entry in
        writer.put(entry.key.rawValue)
        writer.put(entry.value)
      }
    case .namespaces(let records, let more):
      writer.put(more)
      writer.put(records) { writer, record in writer.put(record) }
    case .owners(let owners, let covered):
      writer.put(covered)
      writer.put(owners)
    case .text(let text):
      writer.put(text != nil)
      writer.put(rest: text ?? [])
    case .settings(let settings):
      writer.put(settings.sorted { $0.key.rawValue < $1.key.rawValue }) { writer, entry in
        writer.put(entry.key.rawValue)
        writer.put(entry.value)
      }
    case .translations(let addresses):
      writer.put(addresses) { writer, address in
        writer.put(address != nil)
        if let address { writer.put(address) }
      }
    case .repairs(let outcomes): writer.put(outcomes) { writer, outcome in writer.put(outcome) }
    }
  }

  /// Reads a message.
  static func read(_ frame: [UInt8]) throws(FrameError) -> (number: UInt32, answer: HelperAnswer) {
    var reader = FrameReader(frame)
    let number = try reader.number("the answer's number", UInt32.self)
    let answer = try HelperAnswer(kind: try reader.choice("the kind of answer"), from: &reader)
    try reader.end()
    return (number, answer)
  }

  private init(kind: Kind, from reader: inout FrameReader) throws(FrameError) {
    switch kind {
    case .done: self = .done
    case .refused: self = .refused(try reader.text("the reason"))
    case .malformed: self = .malformed(try reader.text("the reason"))
    case .abilities: self = .abilities(try reader.abilities())
    case .namespaces:
      let more = try reader.flag("more namespaces")
      let records = try reader.list("namespaces", width: 24) { reader throws(FrameError) in
        try reader.namespaceRecord()
      }
      self = .namespaces(records, more: more)
    case .owners:
      let covered = try reader.number("the inodes that were looked for", UInt32.self)
      self = .owners(try reader.owners(), covered: covered)
    case .text:
      let isThere = try reader.flag("whether there is such a file")
      self = .text(isThere ? reader.rest() : nil)
    case .settings: self = .settings(try reader.settings())
    case .translations:
      self = .translations(
        try reader.list("translations", width: 1) { reader throws(FrameError) in
          try reader.flag("whether it is translated") ? try reader.address("a translation") : nil
        })
    case .repairs:
      self = .repairs(try reader.list("outcomes", width: 1) { reader throws(FrameError) in try reader.outcome() })
    }
  }
}

extension FrameReader {
  fileprivate mutating func abilities() throws(FrameError) -> HostAbilities {
    let entries = try list("abilities", width: 3) { reader throws(FrameError) in
      (try reader.choice("an ability", HostAbility.self), try reader.text("a reason"))
    }
    return HostAbilities(missing: Dictionary(entries) { first, _ in first })
  }

  fileprivate mutating func settings() throws(FrameError) -> [KernelSetting: Int64] {
    let entries = try list("settings", width: 9) { reader throws(FrameError) in
      (try reader.choice("a setting", KernelSetting.self), try reader.number("a setting's value", Int64.self))
    }
    return Dictionary(entries) { first, _ in first }
  }
}
