import DeptopScreen

/// A table with the shape of the dashboard's first screen.
enum Overview {
  static let columns = [
    column("mark", "", 1, 1, priority: 100),
    column("name", "DEPENDENCY", 10, 14, weight: 2, priority: 99),
    column("kind", "KIND", 8, 8, priority: 20),
    column("pool", "POOL", 4, 10, weight: 1, priority: 10),
    column("use", "act/max", 7, 9, .right, priority: 95),
    column("wait", "WAIT p99", 6, 8, .right, priority: 70),
    column("breaker", "BREAKER", 8, 10, priority: 80),
    column("rate", "REQ/s", 5, 5, .right, priority: 30),
    column("retry", "RETRY", 5, 6, .right, priority: 60),
    column("errors", "ERR", 4, 5, .right, priority: 75),
    column("p50", "P50", 5, 6, .right, priority: 40),
    column("p99", "P99", 5, 6, .right, priority: 90),
    column("line", "2 min", 4, 10, weight: 1, priority: 35),
    column("dns", "DNS", 8, 9, priority: 94),
  ]

  static let styles = Table.Styles(
    text: .plain, header: Style(attributes: .underline), sortedHeader: Style(attributes: [.underline, .bold]),
    selection: Style(attributes: .reverse))

  static func table(sortedBy id: String? = nil, glyphs: Glyphs = .unicode) -> Table {
    Table(
      columns: columns, sorting: id.map { Table.Sorting(id: $0, ascending: false) }, styles: styles, glyphs: glyphs)
  }

  static let rows = [
    row([
      "✖", "orders-db", "postgres", "██████████", "20/20", "4.2s", "–", "38", "0%", "61%", "12ms", "8.0s", "▁▁▂▅███",
      "14/20 old",
    ]),
    row([
      "▲", "search-with-a-long-name-that-ends", "https", "███████░░░", "14/20", "11ms", "half-open", "112", "34%", "9%",
      "40ms", "900ms", "▂▂▃▅▅▆▇", "ok",
    ]),
    TableRow([
      TableCell("●", style: .plain), TableCell("mail-relay", style: .plain), TableCell("smtp", style: .plain),
      TableCell("░░░░░░░░░░", style: .plain), TableCell("0/5", style: .plain),
      TableCell("no traffic for 4 min", style: Style(attributes: .dim), span: 8), TableCell("ok", style: .plain),
    ]),
  ]

  private static func row(_ texts: [String]) -> TableRow {
    TableRow(texts.map { TableCell($0, style: .plain) })
  }

  private static func column(
    _ id: String, _ title: String, _ minimum: Int, _ ideal: Int, _ alignment: Alignment = .left, weight: Int = 0,
    priority: Int
  ) -> TableColumn {
    TableColumn(
      id: id, title: title, minimumWidth: minimum, idealWidth: ideal, weight: weight, alignment: alignment,
      priority: priority)
  }
}
