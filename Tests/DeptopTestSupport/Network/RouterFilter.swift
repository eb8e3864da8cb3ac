internal import DeptopModel

/// What the router of a ``NetworkLab`` lets through.
struct RouterFilter: Sendable, Hashable {
  /// Whether packets of a flow that is not tracked are answered with RST, instead of not at all.
  var answersWithReset = false
  /// Whether its own word that a packet was too large is kept from the sender.
  var swallowsTooLarge = false
  /// Addresses that nothing gets to.
  var unreachable: Set<IPAddress> = []

  /// Clients appear with the router's address.
  static let masquerade = """
    table ip hiding {
      chain clients { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
    }

    """

  /// The rules, which replace those before them in one step.
  var text: String {
    let verdict = answersWithReset ? "meta l4proto tcp reject with tcp reset" : "drop"
    let blocked = unreachable.sorted().map { "    ip daddr \($0) drop\n" }.joined()
    let tooLarge = swallowsTooLarge ? "    icmp type destination-unreachable icmp code 4 drop\n" : ""
    return """
      table ip faults
      delete table ip faults
      table ip faults {
        chain passing {
          type filter hook forward priority filter;
      \(blocked)    ct state invalid \(verdict)
        }
        chain arriving {
          type filter hook input priority filter;
          ct state invalid \(verdict)
        }
        chain own {
          type filter hook output priority filter;
      \(tooLarge)  }
      }

      """
  }
}
