internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// Sends ICMP echo requests of chosen sizes with DF set, for dependencies whose protocol has no harmless large request.
struct EchoAttempt: ~Copyable {
  private static let patience = Duration.milliseconds(500)
  /// Requests of one size before it counts as lost.
  private static let repetitions = 2

  private let isV4: Bool
  private let socket: PathSocket
  private var sequence: UInt16 = 0

  private init(isV4: Bool, socket: consuming PathSocket) {
    self.isV4 = isV4
    self.socket = socket
  }

  /// Opens the socket and sends a small request.
  ///
  /// - Throws: ``PathFailure`` when not even that is answered: then nothing follows from a lost large one.
  static func start(
    to address: SocketAddress, from sockets: any SocketOpening, interrupt: Interrupt
  ) throws(PathFailure) -> EchoAttempt {
    let socket = try open(isV4: address.address.isV4, from: sockets, interrupt: interrupt)
    // For ICMP the port is the identifier, which the system chooses.
    try socket.connect(to: SocketAddress(address.address, port: 0), timeout: .zero)
    var attempt = EchoAttempt(isV4: address.address.isV4, socket: socket)
    guard case .passed = try attempt.outcome(ofPacket: attempt.overhead + 8) else {
      throw .failed("ICMP echo is not answered, and no harmless large request of the protocol is known")
    }
    return attempt
  }

  private static func open(
    isV4: Bool, from sockets: any SocketOpening, interrupt: Interrupt
  ) throws(PathFailure) -> PathSocket {
    do throws(PathFailure) {
      let socket = try PathSocket(.echo, isV4: isV4, from: sockets, interrupt: interrupt)
      try isV4
        ? socket.set(Int32(IPPROTO_IP), IP_MTU_DISCOVER, to: IP_PMTUDISC_PROBE)
        : socket.set(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, to: IPV6_PMTUDISC_PROBE)
      return socket
    } catch {
      if let reason = error.reason { throw .failed("ICMP echo is not possible: \(reason)") }
      throw error
    }
  }

  /// The MTU of the interface on the way, bytes.
  var interfaceMTU: Int? {
    let value =
      isV4 ? socket.value(Int32(IPPROTO_IP), IP_MTU) : socket.value(Int32(IPPROTO_IPV6), IPV6_MTU)
    return value.map(Int.init)
  }

  mutating func outcome(ofPacket size: Int) throws(PathFailure) -> SizeOutcome {
    for _ in 0..<EchoAttempt.repetitions {
      sequence &+= 1
      let bytes = request(bytes: max(8, size - overhead + 8))
      let count = unsafe Glibc.send(socket.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      if count < 0, errno == EMSGSIZE { return .reduced(min(size - 1, interfaceMTU ?? size - 1)) }
      if count < 0 { throw .failed("ICMP echo: \(SystemError.last)") }
      if try isAnswered(until: MonotonicTime.now() + EchoAttempt.patience) { return .passed(size) }
    }
    return .lost(size)
  }

  /// IP and ICMP header, bytes.
  private var overhead: Int { isV4 ? 28 : 48 }

  private func request(bytes count: Int) -> [UInt8] {
    // The system fills in the identifier and the checksum.
    var bytes = [UInt8](repeating: 0, count: count)
    bytes[0] = isV4 ? 8 : 128
    bytes[6] = UInt8(sequence >> 8)
    bytes[7] = UInt8(sequence & 0xff)
    return bytes
  }

  private func isAnswered(until end: MonotonicTime) throws(PathFailure) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while try socket.wait(for: POLLIN, until: end) {
      let count = unsafe recv(socket.descriptor, &bytes, bytes.count, 0)
      // An answer to an earlier request is passed over; an error that ICMP brought is the loss that is asked about.
      let isEcho = count >= 8 && bytes[0] == (isV4 ? 0 : 129)
      if isEcho, UInt16(bytes[6]) << 8 | UInt16(bytes[7]) == sequence { return true }
      if count < 0, errno != EAGAIN { return false }
    }
    return false
  }
}
