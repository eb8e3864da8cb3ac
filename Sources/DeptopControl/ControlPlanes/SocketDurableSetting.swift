internal import DeptopModel

/// Where what a repair did to a socket is set for good: it ends with the socket.
enum SocketDurableSetting {
  /// Keepalive, for the processes that hold the connections and what they speak.
  static func keepalive(_ staying: StayingKeepalive, owners: Set<String>, kind: ServiceKind?) -> String {
    let (idle, interval, probes) = (staying.idle, staying.interval, SocketPace.probes)
    let place: String
    if owners.contains("pgbouncer") {
      place =
        "tcp_keepalive = 1, tcp_keepidle = \(idle), tcp_keepintvl = \(interval), tcp_keepcnt = \(probes) in pgbouncer.ini"
    } else if kind == "postgres" {
      place =
        "keepalives_idle=\(idle) keepalives_interval=\(interval) keepalives_count=\(probes) in the connection string "
        + "(libpq), tcpKeepAlive=true in the JDBC URL"
    } else if kind == "redis" {
      place = "the keepalive option of the Redis client to \(idle) s"
    } else {
      place = "SO_KEEPALIVE and TCP_KEEPIDLE=\(idle) in the client"
    }
    return "new connections start without it: set \(place); net.ipv4.tcp_keepalive_time is only for sockets that "
      + "already ask for keepalive"
  }

  static let packetSize =
    "new connections start without it: set net.ipv4.tcp_mtu_probing=1, an mtu on the route, or clamp the MSS where the "
    + "path narrows"
}

extension DependencyDetail {
  /// The processes that hold its connections.
  var ownerNames: Set<String> { Set(connections.compactMap(\.owner?.process)) }

  var stayingKeepalive: StayingKeepalive { StayingKeepalive(pathTimeout: dependency.path?.idleTimeout) }

  /// Calls that wait for a connection, as the pools count them; nil when none does.
  var callersWaiting: Int? {
    dependency.pools.compactMap(\.value.pending).reduce(nil) { ($0 ?? 0).addingSaturated($1) }
  }
}
