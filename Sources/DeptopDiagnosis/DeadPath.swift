internal import DeptopModel

/// The connections of a dependency on which nothing comes back, and what tells why.
struct DeadPath {
  /// Idle time before the stuck send from which the path may have forgotten the connection, and from which it
  /// probably has.
  ///
  /// The least idle timeouts of devices are 60 s, those of test beds are lower; in use, connections pause for less.
  static let shortestIdle = Duration.seconds(5)
  static let strongIdle = Duration.seconds(20)
  /// Mean size of what is sent again / segment size from which large packets are what does not pass.
  ///
  /// A statement of 100 B on a forgotten path was seen to be sent again as 100 B, a large one on a path that takes only
  /// smaller packets as whole segments.
  static let fullSize = 0.9

  let dependency: Dependency
  let source: SourceID
  let conditions: SocketConditions
  /// Established connections, dead ones included.
  let total: Int
  /// When the first of the stuck sends was made.
  let since: WallTime
  let newConnection: NewConnection

  /// nil when no connection is dead.
  init?(_ dependency: Dependency, at now: WallTime) {
    guard let sockets = dependency.sockets, sockets.value.conditions.dead > 0 else { return nil }
    self.dependency = dependency
    source = sockets.source
    conditions = sockets.value.conditions
    total = max(sockets.value.established, sockets.value.conditions.dead)
    since = sockets.value.conditions.deadSince ?? now
    newConnection = NewConnection(to: conditions.deadAddresses, since: since, of: dependency)
  }

  /// Dead connections that were idle for long enough before, or of which that is not known.
  var idled: Int {
    conditions.dead - min(conditions.dead, conditions.deadIdleBefore.count { $0 < DeadPath.shortestIdle })
  }

  /// The idle times that are long enough, ascending.
  var idleTimes: [Duration] { conditions.deadIdleBefore.filter { $0 >= DeadPath.shortestIdle } }

  /// True when the mean of what is sent again is about a segment.
  var isFullSize: Bool {
    guard let mean = conditions.deadMeanRetransmit, let segment = conditions.deadSegmentSize, segment > 0 else {
      return false
    }
    return Double(mean) >= DeadPath.fullSize * Double(segment)
  }

  /// True when the size of packets explains it better than the silence before.
  ///
  /// The path check decides where it has one; else a silence that nothing longer has survived.
  var isBlackHole: Bool {
    guard isFullSize, let segment = conditions.deadSegmentSize else { return false }
    if let fits = dependency.path?.takes(segmentsOf: segment, since: since) { return !fits }
    guard let longest = idleTimes.last else { return true }
    return dependency.path?.survivedIdle.map { $0 >= longest } ?? false
  }

  var count: Evidence {
    Evidence(
      reading: "connections on which nothing comes back", value: "\(conditions.dead) of \(total)", threshold: "0",
      source: source)
  }

  /// What dead connections send again; nil when that is not known.
  var retransmits: Evidence? {
    guard let mean = conditions.deadMeanRetransmit else { return nil }
    return Evidence(
      reading: "mean size of what is sent again", value: "\(mean) B",
      threshold: conditions.deadSegmentSize.map { "\((Double($0) * DeadPath.fullSize).words) B" }, source: source)
  }
}

extension NetworkPath {
  /// Bytes of headers around a segment: IPv4 and TCP without options, and IPv6 and TCP with timestamps.
  private static let leastHeaders = 40
  private static let mostHeaders = 72

  /// Whether packets with segments of a size pass; nil when nobody tried, or not since the moment.
  ///
  /// That they do not pass stays known: paths seldom grow.
  func takes(segmentsOf size: Int, since moment: WallTime) -> Bool? {
    let least = size.addingSaturated(NetworkPath.leastHeaders)
    if let declaredMTU, declaredMTU < least { return false }
    guard let check, let largest = check.largestPacket else { return nil }
    if largest < least, check.smallestLost != nil { return false }
    let passes = check.smallestLost == nil || largest >= size.addingSaturated(NetworkPath.mostHeaders)
    guard passes, let checkedAt, checkedAt >= moment else { return nil }
    return true
  }
}
