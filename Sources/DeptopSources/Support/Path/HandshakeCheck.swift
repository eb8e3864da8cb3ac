internal import DeptopHTTP
package import DeptopModel

/// How long the TLS handshake and the first byte take.
package struct HandshakeCheck {
  package let address: SocketAddress
  /// The name that is asked for in the handshake.
  package let host: String
  package let sockets: any SocketOpening
  package let timeout: Duration
  package let speech: PathProtocol

  package init(
    address: SocketAddress, host: String, sockets: any SocketOpening, timeout: Duration, speech: PathProtocol
  ) {
    self.address = address
    self.host = host
    self.sockets = sockets
    self.timeout = timeout
    self.speech = speech
  }

  /// Blocks, for twice the timeout at most; nil when it was given up.
  package func findings(interrupt: Interrupt) -> HandshakeFindings? {
    var findings = HandshakeFindings()
    do throws(PathFailure) {
      if speech.isTLS {
        try checkTLS(interrupt, into: &findings)
      } else if speech.opening != .unknown {
        let check = FirstByte(address: address, sockets: sockets, timeout: timeout, opening: speech.opening)
        findings.firstByte = try check.time(interrupt: interrupt)
      }
    } catch {
      guard let reason = error.reason else { return nil }
      if speech.isTLS { findings.tlsFailure = reason } else { findings.firstByteFailure = reason }
    }
    return findings
  }

  private func checkTLS(_ interrupt: Interrupt, into findings: inout HandshakeFindings) throws(PathFailure) {
    let socket = try PathSocket(.tcp, isV4: address.address.isV4, from: sockets, interrupt: interrupt)
    try socket.connect(to: address, timeout: timeout)
    var handshake = TLSHandshake(host: host, address: address.address.description, port: address.port)
    handshake.timeout = timeout
    switch speech.opening {
    case .unknown: break
    case .greeting: handshake.request = []
    case .request(let bytes): handshake.request = bytes
    }
    let outcome = handshake.perform(over: socket.descriptor, cancelledBy: interrupt.descriptor)
    if outcome.isCancelled { throw .cancelled }
    findings.tlsHandshake = outcome.duration
    findings.tlsFailure = outcome.duration == nil ? outcome.failure : nil
    findings.firstByte = outcome.firstByte
    findings.firstByteFailure = outcome.duration == nil ? nil : outcome.failure
    try socket.finish(within: .milliseconds(100))
  }
}

/// What a handshake check found out.
package struct HandshakeFindings: Hashable {
  /// From the established connection to the end of the handshake.
  package var tlsHandshake: Duration?
  package var tlsFailure: String?
  /// From the request, or from the connection when the server speaks first.
  package var firstByte: Duration?
  package var firstByteFailure: String?

  package init() {}
}
