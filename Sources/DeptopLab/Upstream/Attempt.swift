/// One attempt of a request that an upstream has received.
struct Attempt {
  /// Counts the attempts that an address has received.
  let number: Int
  let id: String
  /// Bytes that the answer is to have.
  let answerBytes: Int
  /// ``LabClock`` microseconds.
  let received: Int64
  let peer: any UpstreamPeer
}

/// An upstream's side of one connection.
protocol UpstreamPeer: AnyObject {
  var peerPort: UInt16 { get }
  /// What the service keeps about the connection.
  var visit: Visit { get set }
  /// Answers an attempt; a success has the bytes that were asked for.
  func answer(_ attempt: Attempt, isSuccess: Bool)
  func close()
}

/// How far a connection has come.
struct Visit {
  var isOpen = true
  /// False until its login has been worked on.
  var isLoggedIn = false
  /// What it asked for before that, in order.
  var early: [Attempt] = []
  /// What is never answered, because the upstream was stalled when it should have been.
  var unanswered: [Attempt] = []

  /// Attempts of one connection that are kept for later; a client that sends more is not of the lab.
  static let mostKept = 1000

  var isOverfull: Bool { early.count + unanswered.count >= Self.mostKept }
}

/// What becomes of an attempt, in the words of the ledger.
enum ServedOutcome: String {
  case ok, error, full, abandoned
}
