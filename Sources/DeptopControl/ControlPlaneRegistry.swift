package import DeptopConfiguration

/// Every kind of control plane.
package enum ControlPlaneRegistry {
  /// The control planes that the settings ask for.
  package static func instances(in settings: Settings) -> [any ControlPlane] {
    PgBouncerControl.instances(in: settings) + HikariControl.instances(in: settings)
      + ActuatorControl.instances(in: settings)
  }
}
