import DeptopLab
import Testing

@testable import DeptopLab

@Suite struct RouterStateTests {
  @Test func `a router without a fault drops only what it does not know`() {
    let state = RouterState()
    #expect(state.idleTimeout == nil)
    #expect(
      state.rules == """
        flush chain ip lab narrow
        flush chain ip lab faults
        flush chain ip lab unknown
        add rule ip lab unknown drop

        """)
  }

  @Test func `faults stand beside each other and go one by one`() throws {
    var state = RouterState()
    try state.apply(.drop(address: "10.90.0.32", true))
    try state.apply(.refuse(address: "10.90.0.31", true))
    try state.apply(.swallowsLargerThan(1400))
    try state.apply(.resetsUnknown(true))
    #expect(
      state.rules == """
        flush chain ip lab narrow
        flush chain ip lab faults
        flush chain ip lab unknown
        add rule ip lab faults ip daddr 10.90.0.32 drop
        add rule ip lab faults ip daddr 10.90.0.31 ct state new meta l4proto tcp reject with tcp reset
        add rule ip lab narrow ip daddr 10.90.0.0/24 meta length > 1400 ip frag-off & 0x4000 != 0 drop
        add rule ip lab unknown meta l4proto tcp reject with tcp reset
        add rule ip lab unknown drop

        """)
    #expect(state.route.suffix(3) == ["mtu", "lock", "1400"])
    try state.apply(.drop(address: "10.90.0.32", false))
    try state.apply(.refuse(address: "10.90.0.31", false))
    try state.apply(.swallowsLargerThan(nil))
    try state.apply(.resetsUnknown(false))
    #expect(state == RouterState() && state.route.last == "10.90.0.1")
  }

  @Test func `an idle timeout is a whole second at least`() throws {
    var state = RouterState()
    try state.apply(.idleTimeout(0))
    #expect(state.idleTimeout == 1)
    try state.apply(.idleTimeout(2.2))
    #expect(state.idleTimeout == 3)
    try state.apply(.idleTimeout(nil))
    #expect(state.idleTimeout == nil)
  }

  @Test(arguments: [
    RouterFault.idleTimeout(-1), .idleTimeout(.nan), .idleTimeout(.infinity), .idleTimeout(1e9),
    .swallowsLargerThan(67), .swallowsLargerThan(65536), .drop(address: "orders-db", true),
    .drop(address: "10.90.0.11; flush ruleset", true), .refuse(address: "", true), .refuse(address: "fe80::1", true),
  ])
  func `what is no fault of a router is refused and changes nothing`(_ fault: RouterFault) {
    var state = RouterState()
    #expect(throws: GroundError.self) { try state.apply(fault) }
    #expect(state == RouterState())
  }
}
