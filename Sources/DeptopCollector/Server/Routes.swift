internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle

/// The control socket's routes: rights first, then the answer.
struct Routes: Sendable {
  /// A request's body is at most this many bytes.
  static let largestBody = 64 * 1024
  /// A text in a request has at most this many bytes; it is kept in the audit.
  static let longestText = 1000

  let collector: Collector

  func router() -> Router<CollectorRequestContext> {
    let router = Router(context: CollectorRequestContext.self)
    router.add(middleware: RefusalMiddleware())
    addReading(to: router)
    addActing(to: router)
    return router
  }

  private func addReading(to router: Router<CollectorRequestContext>) {
    router.get(RouterPath(API.health)) { _, _ in try Answer.json(collector.health()) }
    get(API.snapshot, router) { _, _ in try Answer.json(try collector.latestSnapshot()) }
    get(API.findings, router) { _, _ in try Answer.json(try collector.latestSnapshot().findings) }
    get(API.sources, router) { _, _ in try Answer.json(try collector.latestSnapshot().sources) }
    get(API.stream, router) { request, _ in
      let options = try StreamOptions(request.uri.queryParameters)
      return Answer.lines(
        SnapshotLines(collector.feed.subscribe(), options).cancelOnGracefulShutdown(), to: request)
    }
    get(API.dependencies, router) { _, _ in try Answer.json(try collector.latestSnapshot().dependencies) }
    get(API.dependencies + "/:name", router) { _, context in
      try Answer.json(try collector.detail(of: try DependencyID(rawValue: Routes.parameter("name", context))))
    }
    get(API.audit, router) { request, _ in
      let limit = try Routes.number("limit", in: request, default: 100, range: 1...10_000)
      let dependency = request.uri.queryParameters["dependency"].map { DependencyID(rawValue: String($0)) }
      return try Answer.json(try await collector.audit(limit: limit, dependency: dependency))
    }
    get(API.doctor, router) { _, _ in try Answer.json(await collector.checks()) }
    get(API.actions, router) { _, _ in try Answer.json(collector.actions.shown()) }
    get(API.actions + "/:id", router) { _, context in
      try Answer.json(try collector.actions.status(of: try ActionID(rawValue: Routes.parameter("id", context))))
    }
    get(API.actions + "/:id/stream", router) { request, context in
      let id = ActionID(rawValue: try Routes.parameter("id", context))
      let now = try collector.actions.status(of: id)
      return Answer.lines(
        ActionLines(collector.actions.changes.subscribe(), of: id, startingWith: now).cancelOnGracefulShutdown(),
        to: request)
    }
    get(API.plans + "/:id", router) { _, context in
      try Answer.json(try collector.actions.plan(try PlanID(rawValue: Routes.parameter("id", context))))
    }
  }

  private func addActing(to router: Router<CollectorRequestContext>) {
    router.post(RouterPath(API.plans)) { request, context in
      let wanted = try await Routes.body(PlanRequest.self, of: request)
      try Routes.check(wanted.dependency.rawValue, "dependency")
      try Routes.check(wanted.reason, "reason")
      let peer = try await operating(context, verb: wanted.verb, dependency: wanted.dependency, plan: nil)
      do {
        return try Answer.json(try await collector.plan(wanted))
      } catch let error as Refusal {
        await collector.actions.refused(
          error, verb: wanted.verb, dependency: wanted.dependency, plan: nil, actor: peer.actor)
        throw error
      }
    }
    router.post(RouterPath(API.actions)) { request, context in
      let wanted = try await Routes.body(ExecuteRequest.self, of: request)
      try Routes.check(wanted.idempotencyKey, "idempotencyKey")
      try Routes.check(wanted.reason, "reason")
      let plan = try collector.actions.plan(wanted.plan)
      let peer = try await operating(
        context, verb: plan.request.verb, dependency: plan.request.dependency, plan: plan.id)
      return try Answer.json(try await collector.actions.execute(wanted, by: peer.actor))
    }
    router.delete(RouterPath(API.actions + "/:id")) { _, context in
      let status = try collector.actions.status(of: try ActionID(rawValue: Routes.parameter("id", context)))
      // Every operator may end what runs, whoever may begin it.
      let peer = try await operating(
        context, verb: status.verb, dependency: status.dependency, plan: status.plan, isAborting: true)
      return try Answer.json(try collector.actions.abort(status.id, by: peer.actor))
    }
  }

  private func get(
    _ path: String, _ router: Router<CollectorRequestContext>,
    _ answer: @escaping @Sendable (Request, CollectorRequestContext) async throws -> Response
  ) {
    router.get(RouterPath(path)) { request, context in
      try collector.rights.requireViewer(try await peer(of: context))
      return try await answer(request, context)
    }
  }

  /// The peer, if it may act; a refusal is recorded.
  private func operating(
    _ context: CollectorRequestContext, verb: ActionVerb, dependency: DependencyID, plan: PlanID?,
    isAborting: Bool = false
  ) async throws -> Peer {
    let peer = try await peer(of: context)
    do throws(Refusal) {
      let rights = collector.rights
      if isAborting { try rights.requireOperator(peer) } else { try rights.require(verb, on: dependency, of: peer) }
    } catch {
      await collector.actions.refused(error, verb: verb, dependency: dependency, plan: plan, actor: peer.actor)
      throw error
    }
    return peer
  }

  private func peer(of context: CollectorRequestContext) async throws -> Peer {
    guard let peer = try await Peer.of(context.channel, accounts: collector.accounts) else {
      throw Refusal(.forbidden, "the caller cannot be identified: this is not a local socket")
    }
    return peer
  }

  static func parameter(_ name: String, _ context: CollectorRequestContext) throws -> String {
    guard let value = context.parameters.get(name).flatMap(PercentEncoding.decode) else {
      throw Refusal(.invalid, "the path lacks \(name)")
    }
    return value
  }

  static func number(
    _ name: String, in request: Request, default value: Int, range: ClosedRange<Int>
  ) throws(Refusal) -> Int {
    guard let text = request.uri.queryParameters[Substring(name)] else { return value }
    guard let number = Int(text), range.contains(number) else {
      throw Refusal(.invalid, "\(name)=\(text): expected a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func check(_ text: String?, _ name: String) throws(Refusal) {
    guard let text, text.utf8.count > longestText else { return }
    throw Refusal(.invalid, "\(name) has \(text.utf8.count) bytes, and at most \(longestText) are accepted")
  }

  private static func body<Value: Decodable>(_ type: Value.Type, of request: Request) async throws -> Value {
    let buffer: ByteBuffer
    do {
      buffer = try await request.body.collect(upTo: largestBody)
    } catch {
      throw Refusal(.invalid, "the request's body could not be read, or has more than \(largestBody) bytes")
    }
    return try decoded(type, from: buffer)
  }

  static func decoded<Value: Decodable>(_ type: Value.Type, from buffer: ByteBuffer) throws(Refusal) -> Value {
    do {
      return try WireCoding().decode(type, from: Data(buffer.readableBytesView))
    } catch {
      throw Refusal(.invalid, "the request's body is not a \(type): \(DecodingProblem(error).text)")
    }
  }
}

/// What is wrong with a body and where, without the whole input.
private struct DecodingProblem {
  let text: String

  init(_ error: any Error) {
    switch error {
    case DecodingError.keyNotFound(let key, let context): self.init(context, "\(key.stringValue) is missing")
    case DecodingError.typeMismatch(let type, let context): self.init(context, "expected \(type)")
    case DecodingError.valueNotFound(let type, let context): self.init(context, "expected \(type), not null")
    case DecodingError.dataCorrupted(let context): self.init(context, context.debugDescription)
    default: self.init(text: "\(error)")
    }
  }

  private init(_ context: DecodingError.Context, _ wrong: String) {
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
    self.init(text: path.isEmpty ? wrong : "\(path.drop { $0 == "." }): \(wrong)")
  }

  private init(text: String) {
    self.text = LogText.of(text)
  }
}

/// Turns a refusal into its answer, and so everything else that goes wrong but the server's own answers.
struct RefusalMiddleware: RouterMiddleware {
  @concurrent func handle(
    _ request: Request, context: CollectorRequestContext,
    next: @concurrent (Request, CollectorRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let refusal as Refusal {
      return try Answer.refusal(refusal)
    } catch let error as HTTPError where error.status == .notFound {
      return try Answer.refusal(Refusal(.notFound, "there is no \(request.method) \(request.uri.path)"))
    } catch let error as any HTTPResponseError {
      throw error
    } catch {
      return try Answer.refusal(Refusal(.failed, "\(error)"))
    }
  }
}
