import Testing

import DeptopScreen

@Suite struct BarTests {
  @Test(arguments: [
    (1.0, "██████████"), (1.7, "██████████"), (0.4, "████░░░░░░"), (0, "░░░░░░░░░░"), (-1, "░░░░░░░░░░"),
    (0.03, "█░░░░░░░░░"), (0.99, "█████████░"), (.infinity, "██████████"),
  ])
  func `a bar shows the ratio, empty only at nothing and full only at all`(_ ratio: Double, _ expected: String) {
    #expect(Bar(ratio: ratio, width: 10).text(.unicode) == expected)
  }

  @Test(arguments: [nil, Double.nan]) func `an unknown ratio is no empty bar`(_ ratio: Double?) {
    #expect(Bar(ratio: ratio, width: 4).text(.unicode) == "–   ")
    #expect(Bar(ratio: ratio, width: 4).text(.ascii) == "-   ")
  }

  @Test(arguments: [(0, ""), (-2, ""), (1, "#"), (2, "#.")]) func `narrow bars hold`(_ width: Int, _ expected: String) {
    #expect(Bar(ratio: 0.7, width: width).text(.ascii) == expected)
  }
}
