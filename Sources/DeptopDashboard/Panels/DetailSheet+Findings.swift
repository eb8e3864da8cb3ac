internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// What was found on the dependency, with the evidence.
  func findings(columns: Int) -> Panel {
    let lines = scene.rows.findings.map { scene.snapshot.findings[$0] }
      .filter { $0.dependency == dependency.id }
      .flatMap { FindingLines(finding: $0, scene: scene).lines(columns: columns, isExpanded: true, named: false) }
    return panel("findings", lines, none: "nothing found")
  }
}
