internal import DeptopModel
internal import Testing

@testable internal import DeptopClient

@Suite struct LateAnswerTests {
  private let dependency = MonitoredDependency(
    DependencyDescription(name: "orders-db", kind: "postgres", host: "db.test", port: 5432), table: BucketTable())

  private var report: ClientReport { dependency.report(gauges: nil) }

  @Test func `an answer to nobody is counted as late, and as no call`() {
    dependency.record(unsent: CallOutcome(.timeout, timeout: .deadline))
    dependency.recordLate(.milliseconds(1_500))
    #expect(report.totals?.requests == 1)
    #expect(report.totals?.attempts == 1)
    #expect(report.totals?.late == 1)
    #expect(report.responseTime?.count == 1)
  }

  @Test func `a policy that changed is what is reported`() {
    #expect(report.policy?.deadline == nil)
    var policy = DependencyPolicy()
    policy.deadline = .seconds(3)
    dependency.policyChanged(to: policy)
    #expect(report.policy?.deadline == .seconds(3))
  }
}
