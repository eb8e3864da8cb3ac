internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// Turns requests into answers.
struct RequestDesk {
  /// A message, and the descriptor that goes with it, or -1.
  struct Reply {
    var frame: [UInt8]
    var passed: Int32 = -1
  }

  private let host: any HostAccess
  private var isGreeted = false
  /// The plan whose parts are arriving.
  private var announcement: Announcement?

  init(host: any HostAccess) {
    self.host = host
  }

  /// The answer to a request that no buffer holds, so that its number is not known.
  static var tooLong: Reply {
    Reply(frame: HelperAnswer.malformed("a request is longer than \(Frame.longest) bytes").frame(number: 0))
  }

  mutating func reply(to frame: [UInt8]) -> Reply {
    do {
      let (number, request) = try HelperRequest.read(frame)
      return reply(number, request)
    } catch {
      return Reply(frame: HelperAnswer.malformed("the request is not understood: \(error)").frame(number: 0))
    }
  }

  private mutating func reply(_ number: UInt32, _ request: HelperRequest) -> Reply {
    do throws(HostAccessError) {
      if case .openSocket(let kind, let namespace) = request, isGreeted {
        let opened = try host.openSocket(kind, in: namespace)
        return Reply(frame: HelperAnswer.done.frame(number: number), passed: opened)
      }
      let frame = try answer(request).frame(number: number)
      guard frame.count <= Frame.longest else { throw .refused("the answer is longer than \(Frame.longest) bytes") }
      return Reply(frame: frame)
    } catch {
      return Reply(frame: HelperAnswer.refused(error.description).frame(number: number))
    }
  }

  private mutating func answer(_ request: HelperRequest) throws(HostAccessError) -> HelperAnswer {
    if case .hello(let version) = request { return try greet(version) }
    guard isGreeted else { throw .refused("the first request is no greeting") }
    switch request {
    case .hello, .openSocket: return .refused("this is answered elsewhere")
    case .abilities: return .abilities(try host.abilities())
    case .namespaces(let last): return HelperAnswer(namespaces: try host.namespaces(), after: last)
    case .owners(let inodes): return HelperAnswer(owners: try host.owners(of: inodes), of: inodes)
    case .text(let file, let process): return .text(try host.text(of: file, process: process))
    case .settings(let namespace): return .settings(try host.settings(of: namespace))
    case .translations(let ends, let namespace): return .translations(try host.translations(of: ends, in: namespace))
    case .announce(let part): return try announce(part)
    case .repair(let step, let plan, let cookies):
      guard cookies.count <= Frame.mostRepairs else {
        throw .refused("\(cookies.count) sockets at a time, at most \(Frame.mostRepairs) are allowed")
      }
      return .repairs(try host.repair(step, plan: plan, cookies: cookies))
    }
  }

  private mutating func greet(_ version: UInt16) throws(HostAccessError) -> HelperAnswer {
    guard version == Frame.version else {
      throw .refused("deptop-helper speaks version \(Frame.version), the collector \(version): install both anew")
    }
    isGreeted = true
    return .done
  }

  private mutating func announce(_ part: PlanPart) throws(HostAccessError) -> HelperAnswer {
    var current = part.offset == 0 ? Announcement(part) : announcement
    announcement = nil
    guard let plan = try current.take(part) else {
      announcement = current
      return .done
    }
    try host.announce(plan)
    return .done
  }
}

extension HelperAnswer {
  /// As many of the namespaces after one as fit into a message.
  fileprivate init(namespaces: [NamespaceRecord], after last: NamespaceID) {
    let sorted = namespaces.filter { $0.id > last }.sorted { $0.id < $1.id }
    var size = Frame.reserve
    let fitting = sorted.prefix { record in
      size += 8 + record.first.longestField
      return size <= Frame.longest
    }
    self = .namespaces(Array(fitting), more: fitting.count < sorted.count)
  }

  /// The owners of as many of the inodes, from the first on, as fit into a message.
  fileprivate init(owners: [UInt32: SocketOwner], of inodes: [UInt32]) {
    var size = Frame.reserve
    var known: Set<SocketOwner> = []
    let covered = inodes.prefix { inode in
      guard let owner = owners[inode] else { return true }
      size += 8 + (known.insert(owner).inserted ? owner.longestField : 0)
      return size <= Frame.longest
    }
    let answered = Dictionary(covered.compactMap { inode in owners[inode].map { (inode, $0) } }) { first, _ in first }
    self = .owners(answered, covered: UInt32(clamping: covered.count))
  }
}

extension SocketOwner {
  /// At least as many bytes as it takes in a message.
  fileprivate var longestField: Int { 32 + process.utf8.count + (unit?.name.utf8.count ?? 0) }
}
