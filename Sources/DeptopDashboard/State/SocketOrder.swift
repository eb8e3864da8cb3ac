package import DeptopModel

/// What the list of a dependency's connections is sorted by.
package struct SocketOrder: Sendable, Hashable {
  package var column: Column
  package var isDescending: Bool

  /// What it can be sorted by.
  package enum Column: String, Sendable, Hashable, CaseIterable {
    /// Dead, stuck, unanswered, closed by the peer, waiting, and then those that nothing is the matter with.
    case condition
    case age, idle, reply, owner, address

    /// What the sort menu says.
    var label: String {
      switch self {
      case .condition: "condition, worst first"
      case .age: "age"
      case .idle: "idle time"
      case .reply: "wait for a reply"
      case .owner: "owner"
      case .address: "address"
      }
    }

    var isDescendingByNature: Bool { self != .owner && self != .address }
  }

  package init(_ column: Column, isDescending: Bool? = nil) {
    self.column = column
    self.isDescending = isDescending ?? column.isDescendingByNature
  }

  /// Worst first.
  package static let worst = SocketOrder(.condition)

  /// Sorts by a column, or turns the order when it is sorted by it already.
  mutating func choose(_ column: Column) {
    if self.column == column { isDescending.toggle() } else { self = SocketOrder(column) }
  }

  /// The connections in this order; those that are alike stand by condition, then by their first sight, so that none
  /// moves without a reason.
  package func sorted(_ connections: [Connection]) -> [Connection] {
    connections.sorted { left, right in
      let order = compare(left, right)
      if order != 0 { return order > 0 }
      let condition = Self.badness(left, right)
      if condition != 0 { return condition > 0 }
      return (left.since, left.cookie) < (right.since, right.cookie)
    }
  }

  /// More than 0 when the left one stands above the right one; 0 when the column does not tell.
  private func compare(_ left: Connection, _ right: Connection) -> Int {
    let sign = isDescending ? 1 : -1
    switch column {
    case .condition: return sign * Self.badness(left, right)
    case .age: return sign * Self.order(left.since, right.since) * -1
    case .idle: return order(left.idle, right.idle)
    case .reply: return order(left.reply, right.reply)
    case .owner: return sign * Self.order(left.owner?.sortName ?? "", right.owner?.sortName ?? "")
    case .address: return sign * Self.order(left.remote, right.remote)
    }
  }

  /// What is not known stands at the end, whichever way the rest is sorted.
  private func order(_ left: Duration?, _ right: Duration?) -> Int {
    switch (left, right) {
    case (let left?, let right?): (isDescending ? 1 : -1) * Self.order(left, right)
    case (_?, nil): 1
    case (nil, _?): -1
    case (nil, nil): 0
    }
  }

  /// 1 when the left value is the larger one, -1 when it is the smaller one.
  private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left == right ? 0 : left > right ? 1 : -1
  }

  /// 1 when the left one is worse, -1 when it is better: by condition, then those that left DNS, then the longest.
  private static func badness(_ left: Connection, _ right: Connection) -> Int {
    if left.badness != right.badness { return left.badness < right.badness ? 1 : -1 }
    return order(left.signals.lasting ?? .zero, right.signals.lasting ?? .zero)
  }
}

extension Connection {
  /// For how long it waits for a reply, else how long the last reply took.
  var reply: Duration? { awaitingReply ?? signals.lastReply }

  /// Smaller for worse.
  fileprivate var badness: Int {
    signals.condition.rank * 4 + (standing.isStale ? 0 : 2) + (signals.keepalive == .off ? 0 : 1)
  }
}

extension SocketOwner {
  fileprivate var sortName: String { "\(unit?.name ?? process) \(pid)" }
}
