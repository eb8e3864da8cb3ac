import DeptopModel
import Testing

struct ResolutionStandingTests {
  private let old = IPAddress(v4: 0x0a00_0307)
  private let new = IPAddress(v4: 0x0a00_0309)

  private var resolution: Resolution {
    var resolution = Resolution(name: "db.lab")
    resolution.addresses = [new]
    return resolution
  }

  private func owner(_ host: String, _ addresses: [IPAddress]?) -> Reading<OwnerResolution> {
    Reading(
      OwnerResolution(host: host, addresses: addresses, remaining: .zero), source: "pgbouncer/main",
      observedAt: .init(secondsSinceEpoch: 0))
  }

  @Test func `an address in the answers is current, whatever the owner believes`() {
    var resolution = resolution
    resolution.owner = owner("db.lab", [new, old])
    #expect(resolution.standing(of: new) == .current)
  }

  @Test func `an address that was answered before has left`() {
    var resolution = resolution
    let moment = WallTime(secondsSinceEpoch: 7)
    resolution.history = [AddressHistory(address: old, firstSeenAt: moment, lastSeenAt: moment, leftAt: moment)]
    #expect(resolution.standing(of: old) == .left)
    #expect(resolution.leftAt(old) == moment)
  }

  @Test func `an address that only the owner resolved is suspected`() {
    var resolution = resolution
    resolution.owner = owner("DB.lab", [old])
    #expect(resolution.standing(of: old) == .suspected)
    #expect(resolution.standing(of: old).isStale)
  }

  @Test func `the owner's answer to another name suspects nothing`() {
    var resolution = resolution
    resolution.owner = owner("other.lab", [old])
    #expect(resolution.standing(of: old) == .neverAnswered)
    resolution.owner = owner("db.lab", nil)
    #expect(resolution.standing(of: old) == .neverAnswered)
    #expect(!resolution.standing(of: old).isStale)
  }

  @Test func `without an answer nothing is judged`() {
    #expect(Resolution(name: "db.lab").standing(of: old) == .unnamed)
  }
}
