/// What the overview is sorted by.
package struct SortOrder: Sendable, Hashable {
  package var column: ColumnID
  package var isDescending: Bool

  package init(_ column: ColumnID, isDescending: Bool? = nil) {
    self.column = column
    self.isDescending = isDescending ?? column.isDescendingByNature
  }

  /// Worst first.
  package static let worst = SortOrder(.worst)
}

/// The columns of the overview, and what rows can be sorted by; the raw value is the word for `:sort`.
package enum ColumnID: String, Sendable, Hashable, CaseIterable {
  /// Level, then the weight of the findings, then how much is connected.
  case worst
  case name, kind
  /// How much of the pool is in use.
  case pool
  /// Connections.
  case connections
  case wait
  /// The worst state of the clients' breakers.
  case breaker
  case requests
  /// Retries / requests.
  case amplification
  /// Failed requests / requests that ended.
  case errors
  case p50, p95, p99
  case connect
  case rtt
  case retransmits
  case age
  /// Connections on addresses that left DNS.
  case dns
  /// Not a thing to sort by.
  case trend

  /// What the sort menu offers, in order.
  package static let sortable = allCases.filter { $0 != .trend }

  var isDescendingByNature: Bool { self != .name && self != .kind }

  /// What the sort menu says.
  package var label: String {
    switch self {
    case .worst: "worst first"
    case .name: "name"
    case .kind: "kind"
    case .pool: "pool use"
    case .connections: "connections"
    case .wait: "wait for a connection"
    case .breaker: "circuit breaker"
    case .requests: "requests per second"
    case .amplification: "retries per request"
    case .errors: "failed requests"
    case .p50: "response time p50"
    case .p95: "response time p95"
    case .p99: "response time p99"
    case .connect: "connect time p99"
    case .rtt: "round-trip time"
    case .retransmits: "retransmits"
    case .age: "age of the oldest connection"
    case .dns: "connections on addresses that left DNS"
    case .trend: "trend"
    }
  }
}
