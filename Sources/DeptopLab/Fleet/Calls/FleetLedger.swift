/// The client's side of the lab's ledger.
///
/// It knows nothing of what deptop is told: the two records are to be compared.
struct FleetLedger: Sendable {
  /// Takes the lines.
  let append: @Sendable (LedgerLine) -> Void

  func request(
    _ id: String, of dependency: String, began: Int64, ended: Int64, _ end: CallEnd, attempts: Int
  ) {
    append(
      .request(
        LedgerLine.RequestLine(
          id: id, dependency: dependency, began: began, ended: ended, end: end.end, attempts: attempts,
          limit: end.limit?.rawValue ?? "-")))
  }

  func attempt(_ id: String, began: Int64, ended: Int64, _ connection: LabConnection?, _ outcome: String) {
    append(
      .attempt(
        LedgerLine.AttemptLine(
          id: id, began: began, ended: ended, localPort: connection?.localPort ?? 0,
          address: connection?.remoteAddress ?? "-", outcome: outcome)))
  }
}
