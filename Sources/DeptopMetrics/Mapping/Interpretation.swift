internal import DeptopConfiguration
internal import DeptopModel

/// What one point means by one rule.
struct Interpretation {
  var route: Route
  var kind: ServiceKind?
  var targets: [MetricTarget]
  /// The word that failures are counted under.
  var errorWord: String?
  var amount: Amount
  var temporality: Temporality
  var time: WallTime?
  var start: WallTime?
  /// Why a part of the point was not taken.
  var partialRefusal: String?

  /// A point's value in deptop's units.
  enum Amount {
    /// nil means that nothing is known.
    case level(Double?)
    case count(Double)
    case distribution(Distribution)
  }

  /// What became of a point.
  enum Outcome {
    case unknown, leftOut
    case refused(String)
    case taken(Interpretation)
  }

  static func make(
    _ point: MetricPoint, _ labels: PointLabels, _ rule: MetricRule, _ mapping: MetricMapping,
    defaultClient: ClientIdentity
  ) -> Outcome {
    let chosen = rule.choice.map { $0.targets(for: labels.first(of: $0.labels)) } ?? []
    let targets = rule.targets + chosen
    guard !targets.isEmpty else { return .leftOut }
    guard let subject = Subject(labels, mapping.dependency) else { return .refused("the labels name no dependency") }
    do throws(PointAmount.Refusal) {
      let converted = try PointAmount.convert(point, targets: targets, rule: rule)
      let client = ClientIdentity.of(labels, mapping.client, default: defaultClient)
      var interpretation = Interpretation(
        route: Route(client: client, dependency: subject.key), targets: converted.targets, amount: converted.amount,
        temporality: converted.temporality, time: point.time, start: point.startTime)
      interpretation.kind =
        labels.first(of: mapping.kindLabels).map { ServiceKind(written: DisplayText.clean($0, limit: 64)) }
        ?? subject.kind ?? mapping.kind
      interpretation.errorWord = errorWord(labels, rule, targets)
      interpretation.partialRefusal = converted.partialRefusal
      return .taken(interpretation)
    } catch {
      return .refused(error.reason)
    }
  }

  private static func errorWord(_ labels: PointLabels, _ rule: MetricRule, _ targets: [MetricTarget]) -> String? {
    let isSuccess = targets.contains { target in
      if case .fate(let fate) = target { fate.isSuccess } else { false }
    }
    guard !isSuccess, let word = labels.first(of: rule.errorLabels) else { return nil }
    return DisplayText.clean(word, limit: 80)
  }
}

/// Whose report a point belongs into.
struct Route: Hashable {
  var client: ClientIdentity
  var dependency: DependencyKey
}

/// A dependency as points tell it apart.
struct DependencyKey: Hashable {
  var name: String?
  var host: String?
  var port: UInt16?
}
