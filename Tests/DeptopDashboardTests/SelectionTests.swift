import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Selection and findings that end")
struct SelectionTests {
  @Test("until the first key the worst row is selected, whatever becomes the worst")
  func followsTheWorst() {
    var bench = Bench(Fixture.healthyHost)
    bench.receive { $0.dependencies[2].level = .critical }
    #expect(bench.state.selectedDependency == bench.snapshot?.dependencies[2].id)
  }

  @Test("after a key the selection stays with its dependency")
  func staysAfterAKey() {
    var bench = Bench(Fixture.healthyHost)
    bench.press(.down)
    let chosen = bench.state.selectedDependency
    let other = bench.snapshot?.dependencies.lastIndex { $0.id != chosen } ?? 0
    bench.receive { $0.dependencies[other].level = .critical }
    #expect(bench.state.selectedDependency == chosen)
  }

  @Test("a finding that ended is told as ended, without its action, and its clock stands still")
  func endedFinding() throws {
    var bench = Bench(Fixture.driftedHost, columns: 160)
    bench.receive { snapshot in
      for index in snapshot.findings.indices {
        snapshot.findings[index].state = .clearing
        snapshot.findings[index].absentSince = snapshot.takenAt
      }
    }
    bench.wait(.seconds(5))
    let screen = try bench.screen()
    #expect(screen.contains("● orders-db"))
    #expect(screen.contains("ended 5s ago: 14 of 20 connections are on 10.0.3.7, which left DNS 6m12s ago"))
    #expect(!screen.contains("D drain stale"))
  }
}
