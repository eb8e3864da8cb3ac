internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  private static let labelWidth = 15

  /// What is known of the network on the way: time limits, keepalive against them, sizes, handshakes, and how
  /// connections ended; nil when nothing is.
  func path(columns: Int) -> Panel? {
    guard dependency.path != nil || dependency.closings != nil else { return nil }
    let path = dependency.path ?? NetworkPath()
    let entries = [
      idleTimeout(path), keepalive(path), size(path), handshake(path.check), firstByte(path.check), ends,
    ].compactMap { $0 }
    let lines = entries.flatMap { entry in
      wrapped(entry.text, to: max(1, columns - Self.labelWidth)).enumerated().map { index, text in
        StyledLine(padded(index == 0 ? entry.label : "", to: Self.labelWidth), .muted).appending(text, entry.role)
      }
    }
    let checked = path.checkedAt.map { ", checked \((scene.now - $0).age) ago" } ?? ""
    return panel("path\(path.check.map { " to \($0.address)" } ?? "")\(checked)", lines, none: "nothing is known of it")
  }

  /// True when the path loses something, or is going to.
  var isPathConcerning: Bool {
    let path = dependency.path
    return outlivesPath || hasUnprobedIdle || (dependency.closings?.resetAfterIdle ?? 0) > 0
      || path?.check?.tlsFailure != nil || path?.check?.firstByteFailure != nil || isTooLarge(path)
  }

  private typealias Entry = (label: String, text: String, role: Role)

  private func idleTimeout(_ path: NetworkPath) -> Entry? {
    let parts = [
      path.declaredIdleTimeout.map { "\($0.spoken(glyphs)) declared" },
      path.survivedIdle.map { "survived \($0.spoken(glyphs))" },
      path.failedIdle.map { "failed after \($0.spoken(glyphs))" },
    ].compactMap { $0 }
    guard !parts.isEmpty else { return nil }
    return ("idle timeout", parts.joined(separator: ", "), .text)
  }

  private var conditions: SocketConditions? { dependency.sockets?.value.conditions }

  /// True when the longest keepalive comes after the path has forgotten the connection.
  private var outlivesPath: Bool {
    guard let longest = conditions?.keepaliveLongest, let timeout = dependency.path?.idleTimeout else { return false }
    return longest >= timeout
  }

  /// True when idle connections without keepalive stand on a path that forgets.
  private var hasUnprobedIdle: Bool { (conditions?.keepaliveOff ?? 0) > 0 && dependency.path?.idleTimeout != nil }

  private func keepalive(_ path: NetworkPath) -> Entry? {
    let longest = conditions?.keepaliveLongest.map { "after \($0.spoken(glyphs))" }
    let off = conditions.flatMap { $0.keepaliveOff > 0 ? "off on \($0.keepaliveOff) idle" : nil }
    let parts = [longest, off].compactMap { $0 }
    guard !parts.isEmpty else { return nil }
    let forgets = path.idleTimeout.map { ", path forgets after \($0.spoken(glyphs))" } ?? ""
    return ("keepalive", parts.joined(separator: ", ") + forgets, outlivesPath || hasUnprobedIdle ? .warning : .text)
  }

  private func isTooLarge(_ path: NetworkPath?) -> Bool {
    guard let largest = path?.check?.largestPacket else { return false }
    return path?.check?.smallestLost != nil && largest < path?.declaredMTU ?? 1500
  }

  private func size(_ path: NetworkPath) -> Entry? {
    let check = path.check
    let parts = [
      check?.largestPacket.map { "\($0) bytes pass" }, check?.smallestLost.map { "\($0) are lost" },
      check?.overlay.map { "suggests \(sanitized($0))" }, path.declaredMTU.map { "\($0) declared" },
      check?.sizeProblem.map { "not tried: \(sanitized($0))" },
    ].compactMap { $0 }
    guard !parts.isEmpty else { return nil }
    return ("largest packet", parts.joined(separator: ", "), isTooLarge(path) ? .warning : .text)
  }

  private func handshake(_ check: PathCheck?) -> Entry? {
    if let failure = check?.tlsFailure { return ("TLS handshake", "fails: \(sanitized(failure))", .critical) }
    return check?.tlsHandshake.map { ("TLS handshake", $0.text(glyphs), .text) }
  }

  private func firstByte(_ check: PathCheck?) -> Entry? {
    if let failure = check?.firstByteFailure { return ("first byte", "none: \(sanitized(failure))", .critical) }
    return check?.firstByte.map { ("first byte", "after \($0.text(glyphs))", .text) }
  }

  /// How connections ended within the last ten minutes.
  private var ends: Entry? {
    guard let closings = dependency.closings else { return nil }
    var parts: [String] = []
    if closings.resetAfterIdle > 0 {
      let idle = closings.shortestIdle.flatMap { low in
        closings.longestIdle.map { " after \(glyphs.range(low, $0)) idle" }
      }
      parts.append(counted(closings.resetAfterIdle, "reset") + (idle ?? " after idle"))
    }
    parts.append("\(closings.closed) ended")
    if closings.unseen > 0 { parts.append("\(closings.unseen) shorter than a tick") }
    let last = closings.lastResetAt.map { " (last reset \((scene.now - $0).age) ago)" } ?? ""
    return ("in 10 min", parts.joined(separator: ", ") + last, closings.resetAfterIdle > 0 ? .warning : .text)
  }
}
