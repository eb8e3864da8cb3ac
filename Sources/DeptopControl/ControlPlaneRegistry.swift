package import DeptopConfiguration

/// Every kind of control plane; a test compares this list with the files in `ControlPlanes/`.
package enum ControlPlaneRegistry {
  /// The control planes that the settings ask for.
  package static func instances(in settings: Settings) -> [any ControlPlane] {
    PgBouncerControl.instances(in: settings)
  }
}
