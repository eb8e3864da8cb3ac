internal import CLab

/// Breaks and mends what the router between the clients and the upstreams does.
///
/// An idle timeout holds for a connection from its next packet on: the kernel counts from there.
package actor RouterControl {
  let router: LabSpace
  private var state = RouterState()

  init(router: LabSpace) {
    self.router = router
  }

  /// Puts one fault in place, beside those that are there, or takes it away.
  package func apply(_ fault: RouterFault) async throws(GroundError) {
    var next = state
    try next.apply(fault)
    try await put(next)
    if fault == .forget { try await forget() }
  }

  /// Takes every fault away.
  ///
  /// The hosts on both sides have nothing to forget: they keep no metrics of a path, and nobody tells them of sizes.
  package func restore() async throws(GroundError) {
    try await put(RouterState())
  }

  /// Makes the table; the connection tracking, and with it its settings, is there afterwards.
  func start() async throws(GroundError) {
    try await router.tool(.nft, ["-f", "-"], input: RouterState.table)
    // A packet in the midst of a connection makes no new one.
    try await router.set("net/netfilter/nf_conntrack_tcp_loose", "0")
    try await put(state)
  }

  private func put(_ next: RouterState) async throws(GroundError) {
    // The way is never narrower than what the rules keep from it: the kernel would tell the sender of its size.
    if next.largestPacket == nil, state.largestPacket != nil { try await router.tool(.ip, next.route) }
    // One load of rules is one transaction of the kernel.
    try await router.tool(.nft, ["-f", "-"], input: next.rules)
    if next.largestPacket != nil, next.largestPacket != state.largestPacket { try await router.tool(.ip, next.route) }
    try await router.set(
      "net/netfilter/nf_conntrack_tcp_timeout_established", "\(next.idleTimeout ?? RouterState.longIdleTimeout)")
    state = next
  }

  private func forget() async throws(GroundError) {
    let code = await router.run { clab_connections_forget() }
    guard code == 0 else { throw .system("the router's connections cannot be forgotten", code: -code) }
  }
}
