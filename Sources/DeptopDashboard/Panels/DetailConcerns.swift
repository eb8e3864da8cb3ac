internal import DeptopModel

/// Which panels of a dependency have something to worry about.
struct DetailConcerns: Sendable, Hashable {
  let resolution: Bool
  let pools: Bool
  let breakers: Bool
  let calls: Bool
  let timeouts: Bool
  let response: Bool
  let path: Bool

  init(_ sheet: DetailSheet) {
    let dependency = sheet.dependency
    let calls = dependency.calls?.value
    let resolutions = dependency.resolutions
    resolution =
      (dependency.drift.map { $0.left > 0 } ?? false)
      || resolutions.contains { resolution in
        !resolution.resolversAgree || resolution.resolvers.contains { $0.value.failure != nil }
      }
    pools = dependency.pools.contains { $0.value.exhaustedPending != nil }
    breakers = dependency.breakerStanding(at: sheet.scene.now)?.isConcerning ?? false
    self.calls = calls.map { $0.notableFailure != nil || $0.isRetryStorm } ?? false
    timeouts = calls.flatMap(\.counts.timeouts)?.values.contains { $0 > 0 } ?? false
    path = sheet.isPathConcerning
    response = (calls?.waiting ?? 0) > 0
  }
}
