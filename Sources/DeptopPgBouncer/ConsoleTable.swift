package import DeptopModel

/// The rows that the console answered, read by column name: columns move between versions.
package struct ConsoleTable: Sendable, Hashable {
  private let positions: [String: Int]
  private let cells: [[String?]]

  package init(columns: [String], cells: [[String?]]) {
    positions = Dictionary(columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    self.cells = cells
  }

  package var rows: [ConsoleRow] { cells.map { ConsoleRow(positions: positions, cells: $0) } }
}

/// One row of a ``ConsoleTable``; a column that the version does not have reads as nil, never as zero.
package struct ConsoleRow: Sendable, Hashable {
  fileprivate let positions: [String: Int]
  fileprivate let cells: [String?]

  /// nil when there is no such column, or it has no value.
  package func text(_ column: String) -> String? {
    guard let position = positions[column], cells.indices.contains(position) else { return nil }
    return cells[position]
  }

  /// The first of the columns that there is: some were renamed.
  package func text(_ columns: String...) -> String? {
    columns.lazy.compactMap(text).first
  }

  /// nil also when the text is not a number.
  package func integer(_ columns: String...) -> Int? {
    columns.lazy.compactMap(text).first.flatMap { Int($0) }
  }

  package func flag(_ column: String) -> Bool? {
    integer(column).map { $0 != 0 }
  }

  /// A number of whole seconds.
  package func seconds(_ column: String) -> Duration? {
    integer(column).map { .seconds($0) }
  }

  package func address(_ address: String, port: String) -> SocketAddress? {
    guard let host = text(address).flatMap({ IPAddress($0) }),
      let number = integer(port).flatMap({ UInt16(exactly: $0) }), number > 0
    else { return nil }
    return SocketAddress(host, port: number)
  }
}
