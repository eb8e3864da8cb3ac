import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Sources")
struct SourcesTests {
  @Test("what a source did not understand stands in its row, without what would drive the terminal")
  func remarks() throws {
    var snapshot = Fixture.driftedHost
    var source = SourceStatus(id: "prometheus/exporter", interval: .seconds(5))
    source.state = .ok
    source.remarks = ["6 wrong lines (line 13: expected a decimal number)", "2 points of \u{1b}[2Jothers"]
    snapshot.sources = [source]
    var bench = Bench(snapshot, columns: 160)
    bench.type("3")
    let row = try #require(try bench.row(of: "prometheus/exp"))
    let text = try bench.canvas().text()[row]
    #expect(text.contains("6 wrong lines (line 13: expected a decimal number); 2 points of"), "\(text)")
    #expect(!text.contains("\u{1b}"))
  }
}
