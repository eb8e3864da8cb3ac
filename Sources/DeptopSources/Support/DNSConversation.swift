internal import CCares
internal import DeptopKernel
package import DeptopModel

/// Questions under way to any number of resolvers, driven by the thread that holds it.
@safe package struct DNSConversation: ~Copyable {
  /// The end of one question.
  package struct Reply {
    /// The number given to ``ask(_:for:of:family:)``.
    package var question: UInt32
    package var reply: FamilyReply
  }

  private let handle: OpaquePointer
  private let timeout: Duration

  /// Begins a conversation without questions; nil when there is no memory.
  ///
  /// - Parameter timeout: How long a question may take; a third of it passes before it is sent once more.
  package init?(timeout: Duration) {
    let retry = Int32(max(10, min(timeout.seconds * 1000 / 3, 60_000)))
    guard let handle = unsafe deptop_dns_create(retry) else { return nil }
    unsafe self.handle = handle
    self.timeout = timeout
  }

  deinit {
    unsafe deptop_dns_destroy(handle)
  }

  /// Asks for the addresses of one family of exactly this name; false when there is no memory for it.
  package func ask(_ question: UInt32, for name: String, of resolver: SocketAddress, family: AddressFamily) -> Bool {
    unsafe deptop_dns_ask(handle, resolver.description, name, family == .v6, question)
  }

  /// Waits for the next question to end; nil when none is under way.
  package func next(until deadline: MonotonicTime, interrupt: Interrupt) -> Reply? {
    var reply = unsafe deptop_dns_reply()
    guard unsafe deptop_dns_next(handle, deadline.nanoseconds, interrupt.descriptor, &reply) else { return nil }
    return unsafe Reply(question: reply.question, reply: familyReply(reply))
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
    let number = unsafe reply.system_error
    if number != 0 { return SystemError(number: number).description }
    guard let text = unsafe reply.text else { return "failed" }
    return unsafe String(cString: text).lowercased()
  }

  private func addresses(of reply: deptop_dns_reply) -> [IPAddress] {
    let size = unsafe reply.address_size
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
