internal import DeptopModel

/// Between which silences a path forgets a connection, as deptop has seen it.
struct IdleBracket {
  /// The longest silence that a connection survived; nil when none was seen that is shorter than ``failed``.
  let survived: Duration?
  /// The shortest silence that one did not survive.
  let failed: Duration

  /// nil when no silence was seen to kill a connection, or a longer one was survived: then the silence is not why.
  init?(_ path: NetworkPath?) {
    guard let path, let failed = path.failedIdle, failed > .zero else { return nil }
    if let survived = path.survivedIdle, survived >= failed { return nil }
    (survived, self.failed) = (path.survivedIdle, failed)
  }

  /// `after 238 to 246 s, as an Azure load balancer or NAT gateway does (240 s)`.
  var words: String { time + (device.map { ", as \($0.name) does (\($0.idleTimeout.inSeconds))" } ?? "") }

  private var time: String {
    survived.map { "after \(Duration.inSeconds($0, to: failed))" } ?? "after \(failed.inSeconds) at most"
  }

  /// The one kind of device whose default is in the bracket; nil when none is, when several are, and when nothing
  /// bounds it from below.
  private var device: Device? {
    guard let survived else { return nil }
    let fitting = Device.known.filter { survived < $0.idleTimeout && $0.idleTimeout <= failed }
    return fitting.count == 1 ? fitting[0] : nil
  }
}

/// A kind of device that stands between services and what they call, and keeps idle TCP connections for a time.
private struct Device {
  let idleTimeout: Duration
  let name: String

  /// The defaults that their makers publish: Amazon for ELB, ALB, NAT gateway and NLB, Microsoft for Azure's load
  /// balancer and NAT gateway and for the outbound balancer of AKS, Google for the firewall's connection tracking and
  /// for Cloud NAT, the kernel's `ipvsadm --timeout` for IPVS.
  static let known = [
    Device(idleTimeout: .seconds(60), name: "an AWS ALB or classic ELB"),
    Device(idleTimeout: .seconds(240), name: "an Azure load balancer or NAT gateway"),
    Device(idleTimeout: .seconds(350), name: "an AWS NAT gateway or NLB"),
    Device(idleTimeout: .seconds(600), name: "the Google Cloud firewall"),
    Device(idleTimeout: .seconds(900), name: "Linux IPVS"),
    Device(idleTimeout: .seconds(1200), name: "Google Cloud NAT"),
    Device(idleTimeout: .seconds(1800), name: "the outbound load balancer of AKS"),
  ]
}
