internal import DeptopModel
internal import DeptopOTLP
internal import DeptopWire
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle

/// What applications hand in and are told: reports, command streams, results.
struct IngestRoutes: Sendable {
  /// An agent's id has at most this many bytes.
  static let longestID = 128

  let ingest: Ingest

  func router() -> Router<CollectorRequestContext> {
    let router = Router(context: CollectorRequestContext.self)
    router.add(middleware: RefusalMiddleware())
    router.get(RouterPath(API.health)) { _, _ in try Answer.json(ingest.collector.health()) }
    addAgents(to: router)
    router.post(RouterPath(API.metrics)) { request, context in try await metrics(request, context) }
    return router
  }

  /// OTLP/HTTP: protobuf or JSON, as it is or compressed by gzip.
  private func metrics(_ request: Request, _ context: CollectorRequestContext) async throws -> Response {
    let type = request.headers[.contentType] ?? ""
    guard let encoding = OTLPEncoding(contentType: type) else {
      throw Refusal(
        .invalid, "content type \(LogText.of(type)): expected application/x-protobuf or application/json")
    }
    let peer = try await ingest.peer(of: context.channel)
    try ingest.admit(peer)
    let body = try await IngestBody.read(request)
    let bytes = try IngestBody.inflated(Array(body.readableBytesView), request.headers[.contentEncoding])
    try ingest.charge(peer, bytes: bytes.count)
    let reading: OTLPReading
    do throws(OTLPError) {
      reading = try OTLPMetrics.decode(bytes, as: encoding)
    } catch {
      throw Refusal(.invalid, "\(error)")
    }
    let (rejected, message) = try ingest.take(reading, by: peer)
    return Response(
      status: .ok, headers: [.contentType: encoding.contentType],
      body: ResponseBody(
        byteBuffer: ByteBuffer(bytes: OTLPMetrics.response(rejected: rejected, message: message, as: encoding))))
  }

  private func addAgents(to router: Router<CollectorRequestContext>) {
    router.put(RouterPath(API.agents + "/:id")) { request, context in
      let (id, peer, body) = try await admitted(request, context)
      let report = try Routes.decoded(AgentReport.self, from: body)
      return try Answer.json(try ingest.take(report, from: id, by: peer))
    }
    router.get(RouterPath(API.agents + "/:id/commands")) { request, context in
      let id = try IngestRoutes.agent(context)
      let key = AgentKey(uid: try await ingest.peer(of: context.channel).quotaUser, id: id)
      let commands = try ingest.agents.commands(for: key)
      return Answer.lines(CommandLines(commands).cancelOnGracefulShutdown(), to: request)
    }
    router.post(RouterPath(API.agents + "/:id/commands/:number")) { request, context in
      let (id, peer, body) = try await admitted(request, context)
      let text = try Routes.parameter("number", context)
      guard let number = UInt64(text) else { throw Refusal(.invalid, "command \(text): expected its number") }
      let result = try Routes.decoded(AgentResult.self, from: body)
      try ingest.agents.take(result, of: number, from: AgentKey(uid: peer.quotaUser, id: id))
      return Response(status: .noContent)
    }
  }

  /// The agent, its peer and the whole body, within the user's quota.
  private func admitted(
    _ request: Request, _ context: CollectorRequestContext
  ) async throws -> (String, IngestPeer, ByteBuffer) {
    let id = try IngestRoutes.agent(context)
    let peer = try await ingest.peer(of: context.channel)
    try ingest.admit(peer)
    let body = try await IngestBody.read(request)
    try ingest.charge(peer, bytes: body.readableBytes)
    return (id, peer, body)
  }

  private static func agent(_ context: CollectorRequestContext) throws -> String {
    let id = try Routes.parameter("id", context)
    if let objection = ReportCheck.objection(toName: id) { throw Refusal(.invalid, "the agent's id \(objection)") }
    guard id.utf8.count <= longestID else {
      throw Refusal(.invalid, "the agent's id has \(id.utf8.count) bytes, and at most \(longestID) are accepted")
    }
    return id
  }
}

/// The lines of a command stream; an empty one is a sign of life.
struct CommandLines: AsyncSequence, Sendable {
  typealias Element = Data

  private let commands: AsyncStream<AgentCommand?>

  init(_ commands: AsyncStream<AgentCommand?>) {
    self.commands = commands
  }

  func makeAsyncIterator() -> Iterator {
    Iterator(commands: commands.makeAsyncIterator())
  }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate var commands: AsyncStream<AgentCommand?>.Iterator

    mutating func next(isolation actor: isolated (any Swift.Actor)? = #isolation) async throws -> Data? {
      guard let command = await commands.next(isolation: actor) else { return nil }
      return try command.map { try WireCoding().encodeLine($0) } ?? Data([UInt8(ascii: "\n")])
    }
  }
}
