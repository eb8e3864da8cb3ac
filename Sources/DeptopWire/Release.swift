/// The release that a program belongs to.
package enum Release {
  /// The version of collector, dashboard and command line.
  package static let version = "0.1.0"
}
