import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Testing

@testable import DeptopCollector

struct HostChecksTests {
  private func checks(_ access: (any HostAccess)?, _ seen: [ObservedConnection] = []) async -> [HostCheck] {
    await HostChecks(access: access, absence: "it is not installed", version: "1.2.3").run(sweptConnections: seen)
  }

  private func check(_ name: String, in checks: [HostCheck]) throws -> HostCheck {
    try #require(checks.first { $0.name == name })
  }

  @Test func `without a helper everything that needs one is missing, with the reason and a remedy`() async throws {
    let found = await checks(nil)
    let helper = try check("helper", in: found)
    #expect(helper.state == .missing && helper.text == "deptop-helper is not running: it is not installed")
    #expect(helper.remedy?.contains("cap_net_admin") == true)
    for name in ["network namespaces", "close connections", "set options of live sockets", "conntrack"] {
      #expect(try check(name, in: found).state == .missing, "\(name)")
    }
    #expect(try check("other users' processes", in: found).state == .limited)
    #expect(try check("service addresses", in: found).state != .ok)
    #expect(try check("collector", in: found).text.hasPrefix("deptopd 1.2.3 runs as uid "))
  }

  @Test func `with a helper that can do everything nothing of it is missing`() async throws {
    let found = await checks(RepairBench())
    #expect(try check("helper", in: found).state == .ok)
    for name in ["network namespaces", "close connections", "set options of live sockets", "conntrack"] {
      #expect(try check(name, in: found).state == .ok, "\(name)")
    }
  }

  @Test func `an old kernel says what cannot be told apart on it`() async throws {
    let old = connection(local(1), to: end("A"))
    #expect(try check("kernel", in: await checks(nil, [old])).state == .limited)
    let new = connection(local(1), to: end("A")) { $0.accounting = TCPAccounting() }
    #expect(try check("kernel", in: await checks(nil, [old, new])).state == .ok)
  }
}
