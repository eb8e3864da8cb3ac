internal import DeptopHelper
internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// What a collector that is an ordinary user gets from its helper: asks for everything and prints each answer.
///
/// Arguments: the helper's path, and a namespace and a process that are not this user's.
@main
struct HelperFixture {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let inode = UInt32(arguments[2]), let process = Int32(arguments[3]) else { exit(2) }
    let namespace = NamespaceID(inode)
    let helper = try HelperLink.launch(path: arguments[1])
    let abilities = try helper.abilities()
    for ability in HostAbility.allCases { print("ability \(ability): \(abilities.missing[ability] ?? "there")") }
    show("namespaces") { () throws(HostAccessError) in try helper.namespaces().map(\.id).contains(namespace) }
    show("own diagnostics") { () throws(HostAccessError) in close(try helper.openSocket(.diagnostics, in: .own)) == 0 }
    show("other diagnostics") { () throws(HostAccessError) in try helper.openSocket(.diagnostics, in: namespace) }
    show("owners") { () throws(HostAccessError) in try helper.owners(of: [1, 2, 3]).count }
    show("text") { () throws(HostAccessError) in try helper.text(of: .resolver, process: process) }
    show("own settings") { () throws(HostAccessError) in try helper.settings(of: .own)[.keepaliveProbes] != nil }
    show("other settings") { () throws(HostAccessError) in try helper.settings(of: namespace) }
    show("translations") { () throws(HostAccessError) in
      let address = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 1)
      return try helper.translations(of: [SocketEnds(local: address, remote: address)], in: .own)
    }
    show("repair") { () throws(HostAccessError) in try helper.repair(.destroy, plan: "none", cookies: [1]) }
    try repairOwn(helper)
  }

  /// A connection of this very process, which it may not close by the kernel.
  private static func repairOwn(_ helper: HelperLink) throws {
    let address = SocketAddress(IPAddress(v4: 0xc000_0201), port: 9)
    let identity = SocketIdentity(
      namespace: .own, cookie: 1, local: address, remote: address, inode: 1, pid: getpid(), processStart: 1)
    try helper.announce(
      RepairPlan(
        plan: "own", life: .seconds(60),
        sockets: [RepairTarget(socket: identity, treatment: .destroy, onlyWhileDead: false)]))
    show("announced repair") { () throws(HostAccessError) in
      try helper.repair(.destroy, plan: "own", cookies: [1])
    }
  }

  private static func show<Value>(_ name: String, _ value: () throws(HostAccessError) -> Value) {
    do throws(HostAccessError) {
      print("\(name): \(try value())")
    } catch {
      print("\(name): \(error)")
    }
  }
}
