internal import DeptopModel

// What is known beyond the tables.
extension ConnectionReader {
  /// Fills in owners and translations.
  mutating func identify(
    _ connections: inout [ObservedConnection], abilities: HostAbilities?, asking helper: (any HostAccess)?
  ) {
    // While it is not asked, the last reason stands.
    if helper != nil { remarks.helper = nil }
    func canDo(_ ability: HostAbility) -> Bool { abilities.map { $0.reasonAgainst(ability) == nil } ?? false }
    if let helper, canDo(.processes) {
      assignOwners(to: &connections, asking: helper)
    } else {
      owners.assign(to: &connections)
    }
    guard let helper, canDo(.translations), !isPaused(at: .now) else { return }
    do throws(HostAccessError) {
      try translations.assign(to: &connections, asking: helper)
    } catch {
      note("address translations are not known", error)
    }
  }

  private mutating func assignOwners(to connections: inout [ObservedConnection], asking helper: any HostAccess) {
    var failure: HostAccessError?
    owners.assign(to: &connections) { inodes throws(HostAccessError) in
      do throws(HostAccessError) {
        return try helper.owners(of: inodes)
      } catch {
        failure = error
        throw error
      }
    }
    // What was refused is not asked at every sweep, and is as unknown in between.
    if let failure = failure ?? owners.refusal { note("owners of other users' connections are not known", failure) }
  }

  private mutating func note(_ lack: String, _ error: HostAccessError) {
    remarks.helper = "\(lack): \(error.description)"
    if !error.isRefusal { resumesAt = .now + Self.pause }
  }

  mutating func describe(_ reading: inout HostReading, _ listing: NamespaceListing?, ownSize: Int) {
    if let listing {
      let age = usedAt.map { $0.duration(to: .now) } ?? Self.usageLife
      if reading.isListingNew || age >= Self.usageLife {
        usage = NamespaceUsage.byNamespace(reading.connections)
        usedAt = .now
      }
      usedListing = listing.number
      remarks.namespaces = listing.problem
      reading.namespaces = [self.reading(of: listing.own, size: ownSize, problem: nil)]
      reading.namespaces += listing.others.map { facts in
        let neighbour = neighbours[facts.id]
        let reason = listing.abilities?.reasonAgainst(.namespaces)
        return self.reading(of: facts, size: neighbour?.tableSize, problem: neighbour?.problem ?? reason)
      }
    }
    reading.remarks = remarks.sentences(at: .now())
  }

  private func reading(of facts: NamespaceFacts, size: Int?, problem: String?) -> NamespaceReading {
    NamespaceReading(
      facts: facts, connections: size, problem: problem, usage: usage[facts.id] ?? NamespaceUsage())
  }
}
