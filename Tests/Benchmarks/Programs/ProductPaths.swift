internal import DeptopTestSupport
internal import Glibc

/// Where the programs under test are.
struct ProductPaths {
  let dashboard: String
  let collector: String
  /// Looked for only by what needs it.
  let lab: String
  /// This program itself.
  let benchmark: String

  /// Beside this program unless the dashboard's path is given; the collector lies beside the dashboard.
  ///
  /// - Throws: ``BenchmarkFailure`` when one of them is not there.
  init(dashboard: String?) throws(BenchmarkFailure) {
    let path = dashboard ?? BuiltProgram.path("deptop")
    let directory = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    self.dashboard = path
    collector = directory + "deptopd"
    lab = directory + "deptop-lab"
    benchmark = BuiltProgram.path("deptop-bench")
    for path in [path, collector] where unsafe access(path, X_OK) != 0 {
      throw BenchmarkFailure("\(path) is not there: build it in the same configuration, or give --deptop PATH")
    }
  }
}
