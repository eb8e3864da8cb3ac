internal import DeptopClient
internal import Glibc
internal import Synchronization

/// Sends requests over the pool, counts them with code of its own, and does what an operator tells.
final class FixtureService: Sendable {
  /// What the fixture counts without DeptopClient.
  private struct Counts {
    var requests = 0
    var failures = 0
    /// Those that the breaker did not let through.
    var rejected = 0
    var isOpen = false
  }

  /// Workers that share the rate.
  private static let workers = 4

  private let options: FixtureOptions
  private let pool: EchoPool
  private let reporter: Reporter
  private let dependency: MonitoredDependency
  private let failed: ErrorType
  private let counts = Mutex(Counts())
  private let isEnding = Atomic<Bool>(false)

  init(_ options: FixtureOptions) throws(FixtureFailure) {
    self.options = options
    pool = EchoPool(
      size: options.connections, addresses: try FixtureAddress.resolve(options.host, port: options.port))
    reporter = Reporter(client: options.name, configuration: ReporterConfiguration(ingestSocket: options.socket))
    dependency = reporter.register(
      DependencyDescription(name: "echo", kind: "echo", host: options.host, port: options.port))
    failed = dependency.errorType("echo-failed")
    dependency.breakerEntered(.closed)
    dependency.setPoolGauges { [pool] in pool.gauges }
    obey()
  }

  /// Works until a signal comes.
  func run(until ends: sigset_t) {
    pool.fill()
    let threads = (0..<FixtureService.workers).map { worker in FixtureThread { [self] in work(as: worker) } }
    var ends = ends
    var second = timespec(tv_sec: 1, tv_nsec: 0)
    while unsafe sigtimedwait(&ends, nil, &second) < 0 {
      pool.fill()
      printCounts()
    }
    isEnding.store(true, ordering: .relaxed)
    for thread in threads { thread.join() }
    printCounts()
    reporter.shutdown()
  }

  private func work(as worker: Int) {
    let pause = 1_000_000 * FixtureService.workers / options.rate
    usleep(UInt32(pause * worker / FixtureService.workers))
    var number = 0
    while !isEnding.load(ordering: .relaxed) {
      request("request \(worker) \(number)")
      number += 1
      usleep(UInt32(pause))
    }
  }

  private func request(_ text: String) {
    let isOpen = counts.withLock { counts in
      counts.requests += 1
      if counts.isOpen { counts.rejected += 1 }
      return counts.isOpen
    }
    guard !isOpen else { return dependency.recordRejected() }
    let call = dependency.begin()
    let isGood = echo(text)
    dependency.end(call, isGood ? .success : CallOutcome(.failure, errorType: failed))
    if !isGood { counts.withLock { $0.failures += 1 } }
  }

  private func echo(_ text: String) -> Bool {
    // Why it failed is not told: one kind of error is all that the fixture reports.
    guard let connection = try? pool.take() else { return false }
    let isGood = connection.echo(text)
    pool.give(connection, isGood: isGood)
    return isGood
  }

  private func obey() {
    dependency.onCommandBlocking(.drain) { [self] command, progress in
      let retired = pool.retire(command.scope, addresses: try lookUp())
      while !progress.isCancelled {
        pool.fill()
        let left = pool.inUse(of: retired)
        progress.report(remaining: left, inUse: left)
        if left == 0 { return .done("every connection was replaced") }
        usleep(20_000)
      }
      return .failed("\(pool.inUse(of: retired)) connections are still in use")
    }
    dependency.onCommandBlocking(.resolve) { [self] _, _ in
      let addresses = try lookUp()
      pool.resolved(to: addresses)
      return .done("\(options.host) is " + addresses.map(\.text).joined(separator: ", "))
    }
    dependency.onCommand(.breaker) { [self] command, _ in
      guard let state = command.breaker else { return .refused("no state was given") }
      counts.withLock { $0.isOpen = state == .open || state == .forcedOpen }
      dependency.breakerEntered(state, reason: command.reason)
      return .done()
    }
  }

  private func lookUp() throws(FixtureFailure) -> [FixtureAddress] {
    try FixtureAddress.resolve(options.host, port: options.port)
  }

  private func printCounts() {
    let counts = counts.withLock { $0 }
    let ports = pool.localPorts.map(String.init).joined(separator: ",")
    write(
      "{\"requests\":\(counts.requests),\"failures\":\(counts.failures),\"rejected\":\(counts.rejected),"
        + "\"ports\":[\(ports)]}\n", to: STDOUT_FILENO)
  }
}
