package import DeptopConfiguration

/// One Jolokia agent.
///
/// Requests are sent in bulk, by `POST` alone: its `GET` form needs an escaping of its own. The HTTP status says
/// nothing about a bean: each answer has a status inside.
package struct JolokiaClient: Sendable {
  /// Requests in one bulk.
  package static let bulkLimit = 500

  private let endpoint: JVMEndpoint

  /// Opens nothing yet.
  package init(settings: JolokiaSettings) {
    endpoint = JVMEndpoint(
      url: settings.url, user: settings.user, password: settings.password, timeout: settings.timeout)
  }

  /// The agent's URL, without a slash at its end.
  package var place: String { endpoint.url }

  /// Asks several things at once; each is answered or refused on its own, in the same order.
  ///
  /// - Throws: ``JVMError`` when there is no answer as a whole.
  package func ask(
    _ requests: [JolokiaRequest], within limit: Duration? = nil
  ) async throws(JVMError) -> [Result<JolokiaValue, JVMError>] {
    guard !requests.isEmpty else { return [] }
    let answers: Bulk = try await endpoint.post("/", Array(requests.prefix(Self.bulkLimit)), within: limit)
    let place = place
    guard answers.items.count == min(requests.count, Self.bulkLimit) else {
      let count = "\(answers.items.count) of \(requests.count) requests"
      throw JVMError(
        kind: .malformed, place: place, sentence: "it answers \(count): no Jolokia, or one that refuses all")
    }
    return answers.items.map { $0.result(place: place) }
  }

  /// What is left of the configured timeout since a moment; at least a millisecond.
  func timeLeft(since start: ContinuousClock.Instant) -> Duration {
    max(endpoint.timeout - (.now - start), .milliseconds(1))
  }

  /// Asks one thing.
  package func ask(_ request: JolokiaRequest, within limit: Duration? = nil) async throws(JVMError) -> JolokiaValue {
    guard let answer = try await ask([request], within: limit).first else { return .null }
    return try answer.get()
  }
}

/// A list of answers, or the one answer by which an agent refuses a whole bulk.
private struct Bulk: Decodable {
  var items: [JolokiaAnswer]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      items = try container.decode([JolokiaAnswer].self)
    } catch {
      items = [try container.decode(JolokiaAnswer.self)]
    }
  }
}

/// The envelope of one answer.
struct JolokiaAnswer: Decodable {
  var value: JolokiaValue?
  var status: Int
  var error: String?
  var errorType: String?

  private enum CodingKeys: String, CodingKey {
    case value, status, error
    case errorType = "error_type"
  }

  func result(place: String) -> Result<JolokiaValue, JVMError> {
    guard status != 200 else { return .success(value ?? .null) }
    let words = [errorType.map { $0.split(separator: ".").last.map(String.init) ?? $0 }, error].compactMap { $0 }
    let text = words.isEmpty ? "no reason given" : words.joined(separator: ": ")
    let sentence = "status \(status): \(DisplayText.clean(text, limit: 300))"
    return .failure(JVMError(kind: kind, place: place, sentence: sentence))
  }

  private var kind: JVMError.Kind {
    switch status {
    case 403, 401: .refused
    case 404: .notFound
    case 400: .malformed
    default: .failed
    }
  }
}
