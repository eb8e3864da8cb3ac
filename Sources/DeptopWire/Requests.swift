package import DeptopModel

/// `POST /v1/actions`: execute a stored plan.
package struct ExecuteRequest: Sendable, Hashable, Codable {
  package var plan: PlanID
  /// Chosen by the caller; a repetition with the same key answers the same action instead of starting one.
  package var idempotencyKey: String
  package var reason: String?

  package init(plan: PlanID, idempotencyKey: String, reason: String?) {
    self.plan = plan
    self.idempotencyKey = idempotencyKey
    self.reason = reason
  }
}

/// The body of every answer that is not a success.
package struct Refusal: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  package var code: Code
  /// One sentence for the operator.
  package var message: String
  /// How the world differs from the plan; empty when that is not the reason.
  package var difference: [String]

  /// Why a request was not carried out.
  package enum Code: String, Sendable, Hashable, Codable {
    /// The request makes no sense.
    case invalid
    /// There is no such thing.
    case notFound
    /// The caller has no right to it.
    case forbidden
    /// A guard rail, a cool-down, or another action in progress.
    case refused
    /// The world has moved since the plan was made.
    case changed
    /// The plan is too old.
    case expired
    /// The system that should act did not answer.
    case failed
    /// The request's body is larger than what is accepted.
    case tooLarge
    /// The caller asks too often, or for too much; the message says when it may ask again.
    case tooMany
  }

  package init(_ code: Code, _ message: String, difference: [String] = []) {
    self.code = code
    self.message = message
    self.difference = difference
  }

  package var description: String {
    difference.isEmpty ? message : message + ": " + difference.joined(separator: "; ")
  }

  /// The HTTP status that goes with the code.
  package var status: Int {
    switch code {
    case .invalid: 400
    case .notFound: 404
    case .forbidden: 403
    case .refused, .changed, .expired: 409
    case .failed: 502
    case .tooLarge: 413
    case .tooMany: 429
    }
  }
}

/// `GET /healthz`.
package struct Health: Sendable, Hashable, Codable {
  /// `ok`, or what is wrong.
  package var status: String
  package var version: String

  package init(status: String, version: String) {
    self.status = status
    self.version = version
  }
}
