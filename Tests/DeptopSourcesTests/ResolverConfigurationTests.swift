import DeptopKernel
import DeptopModel
import DeptopSources
import Testing

@Suite struct ResolverConfigurationTests {
  @Test func `nameservers, search list and ndots are read`() {
    let configuration = ResolverConfiguration(
      parsing: """
        # made by hand
        ; nameserver 192.0.2.9
        nameserver 10.0.0.2
        nameserver\t2001:db8::53
        domain ignored.example
        search prod.svc.cluster.local. svc.cluster.local
        options timeout:1 ndots:5 rotate
        """)
    #expect(configuration.nameservers.map(\.description) == ["10.0.0.2:53", "[2001:db8::53]:53"])
    #expect(
      configuration.search
        == SearchList(domains: ["prod.svc.cluster.local", "svc.cluster.local"], dotsOfCompleteName: 5))
  }

  @Test func `only the first three different nameservers count`() {
    let lines = ["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"].map { "nameserver \($0)\n" }
    #expect(
      ResolverConfiguration(parsing: lines.joined()).nameservers.map(\.description)
        == ["10.0.0.1:53", "10.0.0.2:53", "10.0.0.3:53"])
  }

  @Test func `an entry with a zone is kept apart`() {
    let configuration = ResolverConfiguration(parsing: "nameserver fe80::1%eth0\nnameserver 10.0.0.2\n")
    #expect(configuration.nameservers.map(\.description) == ["10.0.0.2:53"])
    #expect(configuration.unusableNameservers == ["fe80::1%eth0"])
  }

  @Test(arguments: ["", "nameserver\n", "nonsense\u{0}\n", "options ndots:x\n"])
  func `text without a nameserver gives none`(text: String) {
    let configuration = ResolverConfiguration(parsing: text)
    #expect(configuration.nameservers == [])
    #expect(configuration.search == SearchList())
  }

  @Test(
    arguments: [
      ("db", 1, ["db.a.lab", "db.lab", "db"]),
      ("db.prod", 1, ["db.prod", "db.prod.a.lab", "db.prod.lab"]),
      ("db.prod", 2, ["db.prod.a.lab", "db.prod.lab", "db.prod"]),
      ("db.prod.", 5, ["db.prod"]),
      ("db", 0, ["db", "db.a.lab", "db.lab"]),
    ])
  func `short names are completed in the C library's order`(name: String, dots: Int, candidates: [String]) {
    let search = SearchList(domains: ["a.lab", "lab"], dotsOfCompleteName: dots)
    #expect(search.candidates(for: name) == candidates)
  }

  @Test(
    arguments: [
      ("10.0.0.2", "10.0.0.2:53"), ("10.0.0.2:5353", "10.0.0.2:5353"), ("2001:db8::1", "[2001:db8::1]:53"),
      ("[2001:db8::1]", "[2001:db8::1]:53"), ("[2001:db8::1]:5353", "[2001:db8::1]:5353"),
      ("::ffff:10.0.0.2", "10.0.0.2:53"),
    ])
  func `an address is read with and without a port`(text: String, description: String) {
    #expect(SocketAddress(text, defaultPort: 53)?.description == description)
  }

  @Test(arguments: [
    "", "dns.example", "10.0.0.2:", "10.0.0.2:0", "10.0.0.2:65536", "[10.0.0", "[::1", "::1]:53", ":53",
  ])
  func `what is no address is refused`(text: String) {
    #expect(SocketAddress(text, defaultPort: 53) == nil)
  }

  @Test(
    arguments: [
      ("localhost", true), ("LOCALHOST.", true), ("db.localhost", true), ("localhost.lab", false), ("db", false),
    ])
  func `names below localhost mean this host`(name: String, isLoopback: Bool) {
    #expect(LoopbackName.contains(name) == isLoopback)
  }
}
