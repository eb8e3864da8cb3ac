internal import CCares
internal import DeptopKernel
package import DeptopModel
internal import Glibc

/// Questions under way to any number of resolvers, driven by the thread that holds it.
@safe package struct DNSConversation: ~Copyable {
  /// The end of one question.
  package struct Reply {
    /// The number given to ``ask(_:for:of:family:from:)`` or ``askNames(_:of:resolver:)``.
    package var question: UInt32
    /// For names that were found it has no addresses, only their TTL.
    package var reply: FamilyReply
    /// What a reverse question found, in the order of the resolver, at most 16.
    package var names: [String] = []
  }

  private let handle: OpaquePointer
  private let timeout: Duration
  /// Kept alive for the handle, which refers to it.
  private let sockets: LookupSockets?

  /// Begins a conversation without questions; nil when there is no memory.
  ///
  /// - Parameters:
  ///   - timeout: How long a question may take; a third of it passes before it is sent once more.
  ///   - sockets: Opens the sockets of other namespaces, on the thread that asks; nil when only the own one is asked
  ///     from.
  package init?(timeout: Duration, sockets: LookupSockets? = nil) {
    let retry = Int32(max(10, min(timeout.seconds * 1000 / 3, 60_000)))
    let context = unsafe sockets.map { unsafe Unmanaged.passUnretained($0).toOpaque() }
    let opener: deptop_dns_open? = sockets == nil ? nil : unsafe openSocket
    guard let handle = unsafe deptop_dns_create(retry, opener, context) else { return nil }
    unsafe self.handle = handle
    self.timeout = timeout
    self.sockets = sockets
  }

  deinit {
    unsafe deptop_dns_destroy(handle)
  }

  /// Asks for the addresses of one family of exactly this name, from a socket of a namespace; false when there is no
  /// memory for it.
  package func ask(
    _ question: UInt32, for name: String, of resolver: SocketAddress, family: AddressFamily,
    from namespace: NamespaceID = .own
  ) -> Bool {
    let record: deptop_dns_record = family == .v4 ? .a : .aaaa
    return unsafe deptop_dns_ask(handle, resolver.description, namespace.inode, name, record, question)
  }

  /// Asks for the names of an address; false when there is no memory for it.
  package func askNames(_ question: UInt32, of address: IPAddress, resolver: SocketAddress) -> Bool {
    unsafe deptop_dns_ask(handle, resolver.description, 0, address.reverseName, .ptr, question)
  }

  /// Waits for the next question to end; nil when none is under way.
  package func next(until deadline: MonotonicTime, interrupt: Interrupt) -> Reply? {
    var reply = unsafe deptop_dns_reply()
    guard unsafe deptop_dns_next(handle, deadline.nanoseconds, interrupt.descriptor, &reply) else { return nil }
    return unsafe Reply(question: reply.question, reply: familyReply(reply), names: names(of: reply))
  }

  private func familyReply(_ reply: deptop_dns_reply) -> FamilyReply {
    switch unsafe reply.outcome {
    case .addresses: .addresses(unsafe addresses(of: reply), ttl: .seconds(unsafe Int64(reply.ttl_seconds)))
    case .no_such_name: .noSuchName
    case .no_address: .noAddress
    case .error_answer: .refusal(unsafe text(of: reply))
    case .unreachable: .silence(unsafe text(of: reply))
    case .timed_out: .silence(timeout.timedOutText)
    case .interrupted: .interrupted
    }
  }

  private func text(of reply: deptop_dns_reply) -> String {
    if let reason = unsafe reply.reason { return unsafe String(cString: reason) }
    let number = unsafe reply.system_error
    if number != 0 { return SystemError(number: number).description }
    guard let text = unsafe reply.text else { return "failed" }
    return unsafe String(cString: text).lowercased()
  }

  private func names(of reply: deptop_dns_reply) -> [String] {
    guard unsafe reply.outcome == .addresses, var next = unsafe reply.names else { return [] }
    return unsafe (0..<reply.name_count).map { _ in
      let name = unsafe String(cString: next)
      unsafe next += strlen(next) + 1
      return name
    }
  }

  private func addresses(of reply: deptop_dns_reply) -> [IPAddress] {
    let size = unsafe reply.address_size
    if size == 0 { return [] }
    let bytes = unsafe UnsafeRawBufferPointer(start: reply.addresses, count: reply.address_count * size)
    return stride(from: 0, to: bytes.count, by: size).map { offset in
      func word<Word: FixedWidthInteger & BitwiseCopyable>(at position: Int, as type: Word.Type) -> Word {
        unsafe Word(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + position, as: type))
      }
      if size == 4 { return IPAddress(v4: word(at: 0, as: UInt32.self)) }
      return IPAddress(v6High: word(at: 0, as: UInt64.self), low: word(at: 8, as: UInt64.self))
    }
  }
}

/// Opens a socket of another namespace for the resolver library.
private func openSocket(
  context: UnsafeMutableRawPointer?, place: UInt32, isV6: Bool, isStream: Bool, reason: UnsafeMutablePointer<CChar>,
  size: Int
) -> Int32 {
  guard let context = unsafe context else { return -1 }
  let sockets = unsafe Unmanaged<LookupSockets>.fromOpaque(context).takeUnretainedValue()
  let kind: NamespaceSocket = isStream ? (isV6 ? .tcp6 : .tcp4) : (isV6 ? .udp6 : .udp4)
  switch sockets.open(kind, in: NamespaceID(place)) {
  case .success(let descriptor): return descriptor
  case .failure(let refusal):
    let buffer = unsafe UnsafeMutableBufferPointer(start: reason, count: size)
    let text = refusal.reason.utf8.prefix(max(0, size - 1)).map(CChar.init(bitPattern:))
    for (index, character) in (text + [0]).enumerated() where index < buffer.count {
      unsafe buffer[index] = character
    }
    return -1
  }
}
