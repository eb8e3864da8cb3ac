package import DeptopKernel
package import DeptopModel

extension LocalHost {
  package func translations(
    of ends: [SocketEnds], in namespace: NamespaceID
  ) throws(HostAccessError) -> [SocketAddress?] {
    let desk = try ConntrackDesk(in: try door(to: namespace))
    var translations: [SocketAddress?] = []
    translations.reserveCapacity(ends.count)
    for ends in ends {
      // The reply comes from where the connection really goes.
      let sender = try desk.reply(to: ends)?.local
      translations.append(sender == ends.remote ? nil : sender)
    }
    return translations
  }
}
