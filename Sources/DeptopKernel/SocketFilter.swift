internal import CLinux

/// A choice of sockets that the kernel makes itself, before it describes a socket to us.
///
/// The program is a binary search over the ports, so that a socket costs the kernel a handful of comparisons also for
/// a hundred ports.
package struct SocketFilter: Sendable, Hashable {
  /// Which end's port is looked at.
  package enum Side: Sendable, Hashable {
    case local
    /// Port 0 stands for sockets that have no peer, that is those that listen.
    case remote
  }

  /// With more ports than this, auditing and running the program costs the kernel more than it saves.
  package static let maximumPorts = 256

  package let side: Side
  /// Ascending, each once.
  package let ports: [UInt16]

  /// Chooses the sockets with one of the ports; nil for more than ``maximumPorts`` of them.
  package init?(side: Side, ports: some Sequence<UInt16>) {
    let sorted = Set(ports).sorted()
    guard sorted.count <= Self.maximumPorts else { return nil }
    self.side = side
    self.ports = sorted
  }

  /// The program in the kernel's form (`struct inet_diag_bc_op`), for the attribute `INET_DIAG_REQ_BYTECODE`.
  ///
  /// Each instruction jumps forward by its `yes` or its `no` bytes. To land on the end takes the socket, to land one
  /// instruction past it refuses the socket. The kernel wants every instruction to be reachable by `yes` alone, so
  /// that is always the instruction's own length.
  package var bytecode: [UInt8] {
    guard !ports.isEmpty else {
      // One jump past the end: no socket is taken. An empty program would take all.
      return Instruction.jump(over: 2 * Instruction.jumpLength).bytes
    }
    var program: [UInt8] = []
    program.reserveCapacity(Self.length(portCount: ports.count))
    appendSearch(of: ports[...], to: &program, endingAt: Self.length(portCount: ports.count))
    return program
  }

  private func appendSearch(of ports: ArraySlice<UInt16>, to program: inout [UInt8], endingAt end: Int) {
    let toEnd = end - program.count
    guard ports.count > 1 else {
      for port in ports {
        let test = Instruction.compare(equalCode, with: port, otherwiseOver: toEnd + Instruction.jumpLength)
        program += test.bytes
        program += Instruction.jump(over: toEnd - Instruction.compareLength).bytes
      }
      return
    }
    let middle = ports.startIndex + ports.count / 2
    let upperLength = Self.length(portCount: ports.endIndex - middle)
    let split = Instruction.compare(
      atLeastCode, with: ports[middle], otherwiseOver: Instruction.compareLength + upperLength)
    program += split.bytes
    appendSearch(of: ports[middle...], to: &program, endingAt: end)
    appendSearch(of: ports[..<middle], to: &program, endingAt: end)
  }

  /// A leaf for each port, and a split for each port but one.
  private static func length(portCount: Int) -> Int {
    portCount * (Instruction.compareLength + Instruction.jumpLength) + (portCount - 1) * Instruction.compareLength
  }

  private var equalCode: Int { side == .local ? INET_DIAG_BC_S_EQ : INET_DIAG_BC_D_EQ }
  private var atLeastCode: Int { side == .local ? INET_DIAG_BC_S_GE : INET_DIAG_BC_D_GE }
}

/// One step of a filter program.
private struct Instruction {
  static let jumpLength = MemoryLayout<inet_diag_bc_op>.size
  /// A comparison is followed by a slot of the same size that holds the port.
  static let compareLength = 2 * jumpLength

  var bytes: [UInt8]

  static func compare(_ code: Int, with port: UInt16, otherwiseOver distance: Int) -> Instruction {
    Instruction(bytes: slot(code, yes: compareLength, no: distance) + slot(0, yes: 0, no: Int(port)))
  }

  /// A jump never takes its `yes`; the kernel's audit follows it all the same.
  static func jump(over distance: Int) -> Instruction {
    Instruction(bytes: slot(INET_DIAG_BC_JMP, yes: jumpLength, no: distance))
  }

  private static func slot(_ code: Int, yes: Int, no: Int) -> [UInt8] {
    unsafe withUnsafeBytes(of: inet_diag_bc_op(code: UInt8(code), yes: UInt8(yes), no: UInt16(no))) { slot in
      unsafe Array(slot)
    }
  }
}
