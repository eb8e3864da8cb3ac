internal import DeptopBlocking
internal import DeptopDashboard
internal import DeptopTerminal
internal import DeptopWire
internal import Synchronization

/// The dashboard's side of the lab: leaves what the lab tells in a mailbox that the terminal's thread empties, and asks
/// the lab for things without holding that thread up.
final class LabLink: Sendable {
  private let client: LabClient
  private let waker: TerminalWaker
  private let inputs = Mutex<[DashboardInput]>([])
  private let listening = BlockingThread()
  private let asking = BlockingThread()

  init(labSocket: String, waker: TerminalWaker) {
    client = LabClient(socketPath: labSocket)
    self.waker = waker
  }

  /// Starts to follow a lab, until it ends.
  func follow(_ lab: LabProcess, from ready: LabProcess.Ready) {
    listening.start { [self] in lab.follow(from: ready) { post($0) } }
  }

  /// Asks the lab for something; what it says to that arrives as mail.
  func ask(_ request: LabRequest) {
    asking.start { [self] in
      do throws(LabError) {
        post(.noticed(try client.ask(request), .done))
      } catch {
        post(.noticed("lab: \(error)", .problem))
      }
    }
  }

  /// Takes everything out of the mailbox.
  func takeMail() -> [DashboardInput] {
    inputs.withLock { inputs in
      defer { inputs = [] }
      return inputs
    }
  }

  private func post(_ input: DashboardInput) {
    inputs.withLock { $0.append(input) }
    waker.wake()
  }
}
