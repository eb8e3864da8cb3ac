import DeptopSources
import Testing

@Suite struct SizeSearchTests {
  /// Runs a search on a path that loses what is larger than its MTU.
  private func search(mtu: Int, interface: Int, isV4: Bool = true) -> (search: SizeSearch, sizes: [Int]) {
    var search = SizeSearch(isV4: isV4)
    var sizes: [Int] = []
    while let size = search.next, sizes.count < 100 {
      sizes.append(size)
      let actual = min(size, interface)
      search.note(actual <= mtu ? .passed(actual) : .lost(actual), ofPacket: size)
    }
    return (search, sizes)
  }

  @Test(arguments: [1500, 9001, 8951, 1400]) func `an open path costs one connection`(interface: Int) {
    let (search, sizes) = search(mtu: interface, interface: interface)
    #expect(sizes == [SizeSearch.largestPacket])
    #expect(search.passed == interface)
    #expect(search.lost == nil)
    #expect(search.isExact)
  }

  @Test(arguments: [1350, 1380, 1400, 1420, 1440, 1450, 1460, 1476, 1480])
  func `what tunnels leave is found to the byte`(mtu: Int) {
    let (search, sizes) = search(mtu: mtu, interface: 1500)
    #expect(search.passed == mtu)
    #expect(search.lost == mtu + 1)
    #expect(search.isExact)
    #expect(sizes.count <= 7)
  }

  @Test(arguments: [1500, 8500, 8951, 1450]) func `a jumbo interface hides no smaller path`(mtu: Int) {
    let (search, sizes) = search(mtu: mtu, interface: 9001)
    #expect(search.passed == mtu)
    #expect(search.lost == mtu + 1)
    #expect(sizes.count <= 8)
  }

  @Test func `any size is bracketed within the limit of connections`() throws {
    for mtu in Array(stride(from: 576, to: 1280, by: 9)) + Array(1280...1500) {
      let (search, sizes) = search(mtu: mtu, interface: 1500)
      let passed = try #require(search.passed)
      let width = (search.lost ?? 1501) - passed
      let isBracketed = passed <= mtu && mtu < passed + width && width <= (mtu < 1280 ? 2 : 1)
      if sizes.count > SizeSearch.attemptLimit || Set(sizes).count < sizes.count || !isBracketed {
        Issue.record("\(mtu): \(sizes) end with \(search)")
      }
    }
  }

  @Test func `nothing that passes ends the search`() {
    let (search, sizes) = search(mtu: 0, interface: 1500)
    #expect(sizes == [SizeSearch.largestPacket, 1280, 576])
    #expect(search.passed == nil)
    #expect(search.lost == 576)
    #expect(!search.isExact)
  }

  @Test func `IPv6 begins at what every link takes`() {
    #expect(search(mtu: 0, interface: 1500, isV4: false).sizes.last == 1280)
    #expect(search(mtu: 1420, interface: 1500, isV4: false).search.passed == 1420)
  }

  @Test func `a size that the path told of is no silent loss`() {
    var search = SizeSearch(isV4: true)
    search.note(.reduced(1400), ofPacket: 9001)
    #expect(search.next == 1400)
    search.note(.passed(1400), ofPacket: 1400)
    #expect(search.next == nil)
    #expect(search.passed == 1400)
    #expect(search.lost == nil)
    #expect(search.isExact)
  }

  @Test func `a told size below which packets are lost all the same is searched on`() {
    var search = SizeSearch(isV4: true)
    search.note(.reduced(1450), ofPacket: 9001)
    while let size = search.next {
      search.note(size <= 1400 ? .passed(size) : .lost(size), ofPacket: size)
    }
    #expect(search.passed == 1400)
    #expect(search.lost == 1401)
  }

  @Test(arguments: [-1, 0, 1, Int.max, Int.min]) func `nonsense from the network ends within the limit`(told: Int) {
    var search = SizeSearch(isV4: true)
    var count = 0
    while let size = search.next {
      search.note(.reduced(told), ofPacket: size)
      count += 1
    }
    #expect(count <= SizeSearch.attemptLimit)
  }

  @Test(arguments: [
    (1500, "Ethernet"), (1480, "IP-in-IP"), (1476, "GRE"), (1460, "Google Cloud's default"), (1450, "VXLAN or Geneve"),
    (1440, "WireGuard"), (1420, "WireGuard"), (1400, "VPN or custom"), (1401, nil), (576, nil), (9001, nil), (-1, nil),
  ])
  func `a size suggests an overlay`(size: Int, name: String?) {
    #expect(PathOverlay.name(forPacket: size) == name)
  }
}
