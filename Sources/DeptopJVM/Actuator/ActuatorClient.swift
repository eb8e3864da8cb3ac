package import DeptopConfiguration
package import DeptopModel
internal import FoundationEssentials

/// The circuit breakers of one Spring Boot application, by its actuator.
package struct ActuatorClient: Sendable {
  /// Breakers that are read of one application.
  private static let breakerLimit = 1000

  private let endpoint: JVMEndpoint

  /// Opens nothing yet.
  package init(settings: ActuatorSettings) {
    endpoint = JVMEndpoint(
      url: settings.url, user: settings.user, password: settings.password, timeout: settings.timeout)
  }

  /// The endpoint's URL.
  package var place: String { endpoint.url + "/circuitbreakers" }

  /// Reads every circuit breaker; one in a state that this version does not know is left out.
  ///
  /// - Throws: ``JVMError`` when there is no answer that can be read.
  package func circuitBreakers() async throws(JVMError) -> [CircuitBreaker] {
    let answer: Listing = try await endpoint.get("/circuitbreakers")
    let breakers = answer.circuitBreakers.sorted { $0.key < $1.key }.prefix(Self.breakerLimit)
    return breakers.compactMap { name, entry in
      guard let (state, note) = BreakerState.resilience4j(entry.state) else { return nil }
      return CircuitBreaker(
        name: name, state: state, note: note, failureRatio: entry.failureRate.flatMap(PercentText.ratio),
        notPermitted: entry.notPermittedCalls.flatMap { UInt64(exactly: $0) })
    }
  }

  /// Puts a breaker that exists into a state, and answers the state that it is in now.
  ///
  /// The registry makes a breaker of any name that it is told of: the name is looked up first, in the same call.
  ///
  /// - Throws: ``JVMError`` of the kind `notFound` when there is no breaker of this name, and nothing was sent.
  package func put(_ name: String, into state: BreakerState) async throws(JVMError) -> BreakerState {
    guard let command = state.actuatorCommand else {
      throw JVMError(kind: .refused, place: place, sentence: "the actuator has no command for \(state.rawValue)")
    }
    let known: Listing = try await endpoint.get("/circuitbreakers")
    guard known.circuitBreakers[name] != nil else {
      throw JVMError(kind: .notFound, place: place, sentence: Self.unknown(name, known.circuitBreakers.keys.sorted()))
    }
    let answer: Outcome = try await endpoint.post(
      "/circuitbreakers/" + Self.pathSegment(name), ["updateState": command])
    guard let (now, _) = BreakerState.resilience4j(answer.currentState) else {
      throw JVMError(kind: .malformed, place: place, sentence: "it answers an unknown state of \"\(name)\"")
    }
    return now
  }

  /// Says that there is no breaker of a name, and which there are.
  package static func unknown(_ name: String, _ known: [String]) -> String {
    let names = known.prefix(10).map { DisplayText.clean($0, limit: 64) }
    let list = names.isEmpty ? "it has none" : "it has " + names.joined(separator: ", ")
    let more = known.count > names.count ? " and \(known.count - names.count) more" : ""
    return "there is no circuit breaker \"\(name)\"; \(list)\(more)"
  }

  /// Percent-encodes all but the unreserved characters of RFC 3986.
  private static func pathSegment(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where text != "." && text != "..":
        encoded += "."
      default:
        encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}

/// The answer to a listing.
private struct Listing: Decodable {
  var circuitBreakers: [String: Entry]

  struct Entry: Decodable {
    var state: String
    var failureRate: String?
    var notPermittedCalls: Int64?
  }
}

/// The answer to a change.
private struct Outcome: Decodable {
  var currentState: String
}
