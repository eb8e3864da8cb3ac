internal import DeptopKernel
internal import DeptopModel

extension HelperRequest {
  /// The message; `number` comes back in the answer.
  func frame(number: UInt32) -> [UInt8] {
    var writer = FrameWriter()
    writer.put(number)
    writer.put(verb.rawValue)
    put(into: &writer)
    return writer.bytes
  }

  private func put(into writer: inout FrameWriter) {
    switch self {
    case .hello(let version):
      writer.put(Frame.magic)
      writer.put(version)
    case .abilities: break
    case .namespaces(let last): writer.put(last.inode)
    case .openSocket(let kind, let namespace):
      writer.put(kind.rawValue)
      writer.put(namespace.inode)
    case .owners(let inodes): writer.put(inodes) { $0.put($1) }
    case .text(let file, let process):
      writer.put(file.rawValue)
      writer.put(process)
    case .settings(let namespace): writer.put(namespace.inode)
    case .translations(let ends, let namespace):
      writer.put(namespace.inode)
      writer.put(ends) { writer, ends in
        writer.put(ends.local)
        writer.put(ends.remote)
      }
    case .announce(let part): writer.put(part)
    case .repair(let step, let plan, let cookies):
      writer.put(step)
      writer.put(plan.rawValue)
      writer.put(cookies) { $0.put($1) }
    }
  }

  /// Reads a message.
  static func read(_ frame: [UInt8]) throws(FrameError) -> (number: UInt32, request: HelperRequest) {
    var reader = FrameReader(frame)
    let number = try reader.number("the request's number", UInt32.self)
    let request = try HelperRequest(verb: try reader.choice("the verb"), from: &reader)
    try reader.end()
    return (number, request)
  }

  private init(verb: Verb, from reader: inout FrameReader) throws(FrameError) {
    switch verb {
    case .hello:
      let magic = try reader.number("the greeting", UInt32.self)
      guard magic == Frame.magic else { throw FrameError("the greeting: \(magic) is not ours") }
      self = .hello(version: try reader.number("the version"))
    case .abilities: self = .abilities
    case .namespaces: self = .namespaces(after: NamespaceID(try reader.number("the last namespace")))
    case .openSocket: self = .openSocket(try reader.choice("the kind of socket"), try reader.namespace())
    case .owners:
      self = .owners(try reader.list("inodes", width: 4) { reader throws(FrameError) in try reader.number("an inode") })
    case .text: self = .text(try reader.choice("the file"), try reader.number("the process"))
    case .settings: self = .settings(try reader.namespace())
    case .translations:
      let namespace = try reader.namespace()
      let ends = try reader.list("ends", width: 36) { reader throws(FrameError) in
        SocketEnds(local: try reader.address("the local end"), remote: try reader.address("the remote end"))
      }
      self = .translations(ends, namespace)
    case .announce: self = .announce(try reader.planPart())
    case .repair:
      let step = try reader.repairStep()
      let plan = PlanID(rawValue: try reader.text("the plan"))
      let cookies = try reader.list("cookies", width: 8) { reader throws(FrameError) in
        try reader.number("a cookie", UInt64.self)
      }
      self = .repair(step, plan, cookies: cookies)
    }
  }
}

extension FrameReader {
  fileprivate mutating func namespace() throws(FrameError) -> NamespaceID {
    NamespaceID(try number("the namespace"))
  }
}
