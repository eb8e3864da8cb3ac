import CCurses
import DeptopScreen
import Glibc

extension Terminal {
  /// Waits until something happens at the terminal, at one of the descriptors or through the waker, or time runs out.
  ///
  /// Costs no wake-up while nothing happens. Must be called again soon when bytes are pending, as it also writes them.
  ///
  /// - Parameters:
  ///   - descriptors: the caller's, watched for input and for the end of their other side.
  ///   - timeout: nil waits for ever.
  /// - Returns: why the wait ended.
  package mutating func wait(for descriptors: [CInt] = [], timeout: Duration? = nil) -> Readiness {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    while true {
      var readiness = Readiness()
      var set = PollSet()
      let terminal = set.add(isEnded ? -1 : line.descriptor, POLLIN | (output.isEmpty ? 0 : POLLOUT))
      let wake = set.add(waker.descriptor, POLLIN)
      let signal = set.add(signals.number, POLLIN)
      let first = set.count
      for descriptor in descriptors { set.add(descriptor, POLLIN) }
      set.poll(until: [deadline, gateDeadline].compactMap(\.self).min())

      if set.has(POLLOUT, at: terminal) {
        drawIfPossible()
        readiness.isDrained = output.isEmpty
      }
      if set.has(POLLIN, at: signal) { readSignals(into: &readiness.events) }
      if set.has(POLLIN | POLLHUP | POLLERR | POLLNVAL, at: terminal) { readInput(into: &readiness.events) }
      releaseHeldInput(into: &readiness.events)
      if output.isClosed { end(&readiness.events) }
      if set.has(POLLIN, at: wake) {
        waker.reset()
        readiness.isWoken = true
      }
      for (index, descriptor) in descriptors.enumerated()
      where set.has(POLLIN | POLLHUP | POLLERR | POLLNVAL, at: first + index) {
        readiness.readable.append(descriptor)
      }
      if !readiness.isTimeout { return readiness }
      if let deadline, ContinuousClock.now >= deadline { return readiness }
    }
  }

  /// Reads a bounded part of what was typed, so that a flood of input cannot keep the caller from drawing.
  private mutating func readInput(into events: inout [TerminalEvent]) {
    guard !isEnded else { return }
    var failure: CInt = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      let result = unsafe read(line.descriptor, buffer.baseAddress, buffer.count)
      failure = result < 0 ? errno : 0
      count = max(0, result)
    }
    if bytes.isEmpty {
      if failure != EAGAIN && failure != EINTR { end(&events) }
      return
    }
    deliver(gate.accept(bytes), to: &events)
    gateDeadline = gate.patience.map { .now + $0 }
  }

  private mutating func releaseHeldInput(into events: inout [TerminalEvent]) {
    guard let instant = gateDeadline, ContinuousClock.now >= instant else { return }
    gateDeadline = nil
    deliver(gate.release(), to: &events)
  }

  private mutating func deliver(_ pieces: [InputGate.Piece], to events: inout [TerminalEvent]) {
    for piece in pieces {
      switch piece {
      case .keys(let bytes): events += reader.keys(in: bytes).map(TerminalEvent.key)
      case .paste(let bytes): events.append(.paste(PastedText.clean(bytes)))
      }
    }
  }

  private mutating func readSignals(into events: inout [TerminalEvent]) {
    var isResumed = false
    while case let number = ccurses_next_signal(signals.number), number != 0 {
      switch number {
      case SIGWINCH:
        resize()
        events.append(.resize(size))
      case SIGTSTP, SIGCONT:
        if isResumed && number == SIGCONT { break }
        // What happened to the size while another program had the terminal was announced to that one.
        let before = size
        number == SIGTSTP ? suspend() : resume()
        isResumed = true
        events.append(.resumed)
        if size != before { events.append(.resize(size)) }
      case SIGINT: events.append(.termination(.interrupt))
      case SIGTERM: events.append(.termination(.terminate))
      case SIGHUP: events.append(.termination(.hangUp))
      default: break
      }
    }
  }

  private mutating func end(_ events: inout [TerminalEvent]) {
    guard !isEnded else { return }
    isEnded = true
    gateDeadline = nil
    output = OutputQueue()
    events.append(.endOfInput)
  }
}
