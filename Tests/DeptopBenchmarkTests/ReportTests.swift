import DeptopBenchmarkFigures
import FoundationEssentials
import Testing

struct ReportTests {
  @Test func `ratios become fields that are named after the peer`() throws {
    var report = Report(benchmark: "sweep", isQuick: true, rounds: 3, rows: [["median": 1.5]])
    report.ratios = ["c": 1.25, "ss": 0.5, "pg_top": 2]
    let fields = try JSONDecoder().decode(Ratios.self, from: JSONEncoder().encode(report))
    #expect(fields == Ratios(ratioToC: 1.25, ratioToSs: 0.5, ratioToPgTop: 2))
  }

  @Test func `what was not measured has not met its target`() {
    #expect(!Target("paint", atMost: 30, measured: nil).isMet)
    #expect(!Target("paint", atMost: 30, measured: 30.1).isMet)
    #expect(Target("paint", atMost: 30, measured: 30).isMet)
  }

  @Test func `columns are as wide as their widest text`() {
    var table = TextTable(header: ["program", "ms"])
    table.add(["htop", "191.5"])
    #expect(table.lines == ["program     ms", "htop     191.5"])
  }

  private struct Ratios: Decodable, Equatable {
    var ratioToC: Double
    var ratioToSs: Double
    var ratioToPgTop: Double
  }
}
