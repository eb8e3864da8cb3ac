import DeptopWire
import Testing

struct DefaultPathsTests {
  @Test func `root has the system's places`() {
    let paths = DefaultPaths(userID: 0) { _ in "/ignored" }
    #expect(paths.controlSocket == "/run/deptop/control.sock")
    #expect(paths.stateDirectory == "/var/lib/deptop")
  }

  @Test func `a user has their own, and looks at the system's first`() {
    let environment = ["XDG_RUNTIME_DIR": "/run/user/7", "HOME": "/home/u"]
    let paths = DefaultPaths(userID: 7) { environment[$0] }
    #expect(paths.controlSocket == "/run/user/7/deptop/control.sock")
    #expect(paths.stateDirectory == "/home/u/.local/state/deptop")
    #expect(
      DefaultPaths.candidates(userID: 7) { environment[$0] }
        == ["/run/deptop/control.sock", "/run/user/7/deptop/control.sock"])
  }

  @Test(arguments: [[:], ["XDG_RUNTIME_DIR": "", "HOME": "", "XDG_STATE_HOME": ""]])
  func `without a runtime directory one directory below the temporary one is enough`(environment: [String: String]) {
    let paths = DefaultPaths(userID: 7) { environment[$0] }
    #expect(paths.controlSocket == "/tmp/deptop-7/control.sock")
    #expect(paths.stateDirectory == "/tmp/deptop-7/state")
  }
}
