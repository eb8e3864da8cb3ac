/// What lies where in a lab's directory.
package struct LabFiles: Sendable {
  private let directory: String

  package init(_ directory: String) { self.directory = directory }

  package var controlSocket: String { "\(directory)/deptop.sock" }
  package var ingestSocket: String { "\(directory)/ingest.sock" }
  /// Where the lab itself is told what to do.
  package var labSocket: String { "\(directory)/lab.sock" }
  package var state: String { "\(directory)/state" }
  package var configuration: String { "\(directory)/deptopd.yaml" }

  /// The ledger of a service or an upstream.
  package func ledger(_ name: String) -> String { "\(directory)/\(name).ledger" }

  /// What a process of the lab says.
  package func log(_ name: String) -> String { "\(directory)/\(name).log" }
}
