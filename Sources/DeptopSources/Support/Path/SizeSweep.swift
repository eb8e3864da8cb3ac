package import DeptopModel

/// Finds the largest packet that passes to one address.
package struct SizeSweep {
  package let address: SocketAddress
  package let sockets: any SocketOpening
  package let timeout: Duration
  package let speech: PathProtocol

  package init(address: SocketAddress, sockets: any SocketOpening, timeout: Duration, speech: PathProtocol) {
    self.address = address
    self.sockets = sockets
    self.timeout = timeout
    self.speech = speech
  }

  /// Blocks, for some 20 seconds at most; nil when it was given up.
  package func findings(interrupt: Interrupt) -> SizeFindings? {
    do throws(PathFailure) {
      let search = speech.hasSizeRequest ? try byRequests(interrupt) : try byEcho(interrupt)
      return SizeFindings(search)
    } catch {
      return error.reason.map { SizeFindings(problem: $0) }
    }
  }

  private func byRequests(_ interrupt: Interrupt) throws(PathFailure) -> SizeSearch {
    let attempt = SizeAttempt(address: address, sockets: sockets, timeout: timeout) { speech.sizeRequest(bytes: $0) }
    var search = SizeSearch(isV4: address.address.isV4)
    while let size = search.next {
      search.note(try attempt.outcome(ofPacket: size, interrupt: interrupt), ofPacket: size)
    }
    return search
  }

  private func byEcho(_ interrupt: Interrupt) throws(PathFailure) -> SizeSearch {
    var attempt = try EchoAttempt.start(to: address, from: sockets, interrupt: interrupt)
    var search = SizeSearch(
      isV4: address.address.isV4, ceiling: attempt.interfaceMTU ?? SizeSearch.largestPacket)
    while let size = search.next {
      search.note(try attempt.outcome(ofPacket: size), ofPacket: size)
    }
    return search
  }
}

/// What a sweep found out.
package struct SizeFindings: Hashable {
  /// The largest packet that was acknowledged, bytes.
  package var largestPacket: Int?
  /// The smallest that was lost without a word, bytes; nil when none was, or the path told its size.
  package var smallestLost: Int?
  /// nil when the size is no tunnel's usual one, or is not known to the byte.
  package var overlay: String?
  /// Why there is no size.
  package var problem: String?

  package init(problem: String) {
    self.problem = problem
  }

  init(_ search: SizeSearch) {
    largestPacket = search.passed
    smallestLost = search.lost
    if let passed = search.passed {
      overlay = search.isExact ? PathOverlay.name(forPacket: passed) : nil
    } else {
      problem = "no packet was acknowledged" + (search.lost.map { ", not even one of \($0) bytes" } ?? "")
    }
  }
}
