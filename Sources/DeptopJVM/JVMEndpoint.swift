internal import DeptopConfiguration
internal import DeptopHTTP
internal import FoundationEssentials

/// One JSON interface over HTTP: asks, bounds and decodes.
struct JVMEndpoint: Sendable {
  /// Larger answers are refused: hundreds of pools or breakers fit.
  static let bodyLimit = 1 << 20

  let url: String
  let user: String?
  let password: Secret?
  let timeout: Duration
  private let client = HTTPClient()

  init(url: String, user: String?, password: Secret?, timeout: Duration) {
    var url = url
    while url.hasSuffix("/") { url.removeLast() }
    self.url = url
    self.user = user
    self.password = password
    self.timeout = timeout
  }

  /// Fetches and decodes what is below the URL.
  func get<Answer: Decodable>(
    _ path: String, within limit: Duration? = nil, as type: Answer.Type = Answer.self
  ) async throws(JVMError) -> Answer {
    try await send(request(.get, path, limit))
  }

  /// Sends a value as JSON and decodes the answer.
  func post<Question: Encodable, Answer: Decodable>(
    _ path: String, _ question: Question, within limit: Duration? = nil, as type: Answer.Type = Answer.self
  ) async throws(JVMError) -> Answer {
    var request = request(.post, path, limit)
    request.headers.append(HTTPHeader("Content-Type", "application/json"))
    do {
      request.body = Array(try JSONEncoder().encode(question))
    } catch {
      throw JVMError(kind: .malformed, place: url, sentence: "the request cannot be written as JSON")
    }
    return try await send(request)
  }

  private func request(_ method: HTTPMethod, _ path: String, _ limit: Duration?) -> HTTPRequest {
    var request = HTTPRequest(method, url + path, timeout: limit ?? timeout, bodyLimit: Self.bodyLimit)
    request.headers = [HTTPHeader("Accept", "application/json")]
    if let user { request.credentials = HTTPCredentials(user: user, password: password?.value ?? "") }
    return request
  }

  private func send<Answer: Decodable>(_ request: HTTPRequest) async throws(JVMError) -> Answer {
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try await client.send(request)
    } catch {
      throw JVMError(error)
    }
    if let refusal = JVMError(status: response.status, place: request.url, user: user) { throw refusal }
    do {
      return try JSONDecoder().decode(Answer.self, from: Data(response.body))
    } catch {
      let sentence = "the answer is not the JSON that is expected there"
      throw JVMError(kind: .malformed, place: request.url, sentence: sentence)
    }
  }
}
