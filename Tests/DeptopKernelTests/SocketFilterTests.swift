import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Testing

@Suite("Socket filter")
struct SocketFilterTests {
  @Test(
    arguments: [
      [], [0], [5432], [5432, 6379], [0, 1, 2], [65535, 0, 443, 80, 8080], Array(1000..<1100),
      stride(from: 3, to: 65_000, by: 255).map(UInt16.init),
    ] as [[UInt16]])
  func `the program takes its ports and no other`(ports: [UInt16]) throws {
    let filter = try #require(SocketFilter(side: .remote, ports: ports))
    let program = FilterMachine(filter.bytecode)
    let chosen = Set(ports)
    for port in UInt16.min...UInt16.max where program.takes(local: 7, remote: port) != chosen.contains(port) {
      Issue.record("port \(port) is \(chosen.contains(port) ? "refused" : "taken")")
    }
    #expect(program.passesAudit)
  }

  @Test func `the side tells which port is looked at`() throws {
    let local = FilterMachine(try #require(SocketFilter(side: .local, ports: [1, 2])).bytecode)
    #expect(local.takes(local: 2, remote: 9))
    #expect(!local.takes(local: 9, remote: 2))
  }

  @Test func `more ports than a kernel should be asked for make no filter`() {
    let tooMany = (0...UInt16(SocketFilter.maximumPorts)).map { $0 }
    #expect(SocketFilter(side: .remote, ports: tooMany) == nil)
    #expect(SocketFilter(side: .remote, ports: tooMany.dropLast() + [0, 0]) != nil)
  }

  @Test func `the kernel takes programs of every size`() throws {
    var diagnostics = SocketDiagnostics()
    for count in [0, 1, 2, 3, 17, 100, SocketFilter.maximumPorts] {
      // Ports of a range that nothing on the host can be connected to all at once.
      let filter = try #require(SocketFilter(side: .remote, ports: (1..<UInt16(count + 1))))
      _ = try diagnostics.sweep(filter, timeout: .seconds(10))
    }
  }

  @Test func `the kernel leaves out what the filter does not name`() throws {
    let watched = try KernelLoopback.Listener(.v4)
    let other = try KernelLoopback.Listener(.v4)
    let otherAddress = try other.address
    let first = try KernelLoopback.Client(to: watched)
    let second = try KernelLoopback.Client(to: other)
    var diagnostics = SocketDiagnostics()

    let filter = try #require(SocketFilter(side: .remote, ports: [watched.port, 0]))
    let table = try diagnostics.sweep(filter, timeout: .seconds(10))
    #expect(Set(table.connections.map(\.remote.port)) == [watched.port])
    #expect(table.connections.contains { $0.local == first.local })
    #expect(table.listeners.contains { $0.address.port == other.port })

    let byLocal = try #require(SocketFilter(side: .local, ports: [second.local.port]))
    let only = try diagnostics.sweep(byLocal, timeout: .seconds(10))
    #expect(only.connections.contains { $0.local == second.local && $0.remote == otherAddress })
    #expect(only.connections.allSatisfy { $0.local.port == second.local.port })
    withExtendedLifetime((first, second)) {}
  }
}

/// Runs and audits a filter program by the kernel's rules (`net/ipv4/inet_diag.c`).
private struct FilterMachine {
  private let program: [UInt8]

  init(_ program: [UInt8]) {
    self.program = program
  }

  private func no(at offset: Int) -> Int { Int(program[offset + 2]) | Int(program[offset + 3]) << 8 }
  private func yes(at offset: Int) -> Int { Int(program[offset + 1]) }
  private func length(at offset: Int) -> Int { program[offset] == 1 ? 4 : 8 }

  func takes(local: UInt16, remote: UInt16) -> Bool {
    var offset = 0
    while offset < program.count {
      let operand = program[offset] == 1 ? 0 : no(at: offset + 4)
      let holds =
        switch program[offset] {
        case 2: Int(local) >= operand
        case 4: Int(remote) >= operand
        case 11: Int(local) == operand
        case 12: Int(remote) == operand
        default: false
        }
      offset += holds ? yes(at: offset) : no(at: offset)
    }
    return offset == program.count
  }

  /// Whether each jump lands on an instruction, on the end, or one slot behind it.
  var passesAudit: Bool {
    var starts: Set<Int> = [program.count, program.count + 4]
    var offset = 0
    while offset < program.count {
      guard yes(at: offset) == length(at: offset) else { return false }
      starts.insert(offset)
      offset += yes(at: offset)
    }
    guard offset == program.count else { return false }
    return starts.filter { $0 < program.count }.allSatisfy { start in
      no(at: start) >= length(at: start) && starts.contains(start + no(at: start))
    }
  }
}
