internal import Synchronization

/// One attempt of a request: takes a connection, sends, waits for the answer, gives the connection back.
final class AttemptWork: Sendable {
  private let station: CallStation
  private let call: LabCall
  private let spec: CallSpec
  private let id: String
  private let bytes: Int
  private let began = LabClock.now
  private let isSent = Atomic<Bool>(false)

  init(station: CallStation, call: LabCall, spec: CallSpec, number: Int, bytes: Int) {
    self.station = station
    self.call = call
    self.spec = spec
    id = "\(call.id).\(number)"
    self.bytes = bytes
  }

  /// True when the request may have reached the upstream.
  var wasSent: Bool { isSent.load(ordering: .relaxed) }

  /// What bounds every part of it besides its own limit.
  private var deadline: Int64? { spec.limits.passesDeadlineOn ? call.deadline : nil }

  func run() async -> Result<Void, AttemptFailure> {
    let late: (@Sendable (LabConnection) -> Void)? =
      spec.pool.keepsAbandonedWork ? { @Sendable [self] connection in sendForNobody(connection) } : nil
    let connection: LabConnection
    do throws(AttemptFailure) {
      connection = try await station.pool.acquire(until: deadline, late: late)
    } catch {
      noteWait()
      // What is left in the queue has its line when it has been sent.
      if late == nil || !isInQueue(error) { record(nil, error.outcome) }
      return .failure(error)
    }
    noteWait()
    return await send(connection)
  }

  /// True for a caller that gave up while it waited for its turn.
  private func isInQueue(_ failure: AttemptFailure) -> Bool {
    failure == .limit(.poolAcquire) || failure == .limit(.deadline)
  }

  private func noteWait() {
    let waited = LabClock.now - began
    call.note { $0.waited += waited }
    station.report?.waited(waited)
  }

  private func send(_ connection: LabConnection) async -> Result<Void, AttemptFailure> {
    isSent.store(true, ordering: .relaxed)
    call.note { $0.sent += 1 }
    let sent = LabClock.now
    let own = Moment.end(of: spec.limits.read, from: sent)
    let inFlight = station.report?.sent()
    let late: (@Sendable (Result<ExchangeAnswer, AttemptFailure>) -> Void)? =
      spec.pool.keepsAbandonedWork
      ? { @Sendable [self] result in _ = finish(connection, result, sent: sent, isAbandoned: true) } : nil
    let result = await connection.exchange(
      .request(id: id, bytes: bytes), until: Moment.earlier(own, deadline), late: late)
    if let inFlight { station.report?.answered(inFlight) }
    guard let result else {
      let failure = AttemptFailure.over(.read, at: own, deadline: deadline)
      if late == nil {
        station.pool.giveBack(connection, isGood: false)
        record(connection, failure.outcome)
      }
      return .failure(failure)
    }
    return finish(connection, result, sent: sent, isAbandoned: false)
  }

  /// The turn of a caller that has gone: its request is sent all the same.
  private func sendForNobody(_ connection: LabConnection) {
    Task {
      isSent.store(true, ordering: .relaxed)
      call.note { $0.sent += 1 }
      let sent = LabClock.now
      let result = await connection.exchange(.request(id: id, bytes: bytes), until: nil)
      finish(connection, result ?? .failure(.closed), sent: sent, isAbandoned: true)
    }
  }

  @discardableResult
  private func finish(
    _ connection: LabConnection, _ result: Result<ExchangeAnswer, AttemptFailure>, sent: Int64, isAbandoned: Bool
  ) -> Result<Void, AttemptFailure> {
    let answer: AttemptFailure?
    switch result {
    case .success(let reply):
      station.report?.firstByte(after: reply.firstByte - sent)
      leave(connection)
      answer = reply.isOK ? nil : .error
    case .failure(let failure):
      station.pool.giveBack(connection, isGood: false)
      answer = failure
    }
    let isAnswer = answer == nil || answer == .error
    let isLate = isAnswer && (isAbandoned || call.isOver)
    if isLate { station.report?.late(LabClock.now - sent) }
    record(connection, isLate ? "late" : answer?.outcome ?? "ok")
    return answer.map { .failure($0) } ?? .success(())
  }

  /// Gives a good connection back, unless this call is one of those that forget to.
  private func leave(_ connection: LabConnection) {
    guard spec.pool.leaks <= 0 || Double.random(in: 0..<1) >= spec.pool.leaks else { return }
    station.pool.giveBack(connection, isGood: true)
  }

  private func record(_ connection: LabConnection?, _ outcome: String) {
    station.ledger.attempt(id, began: began, ended: LabClock.now, connection, outcome)
  }
}
