internal import DeptopModel

/// Puts the samples of histograms and summaries together, and gives every point its type, unit and start time.
struct SampleAssembler {
  var families = MetricFamilies()
  private var points: [Pending] = []
  private var groups: [Series: Int] = [:]
  private var parts: [Int: SeriesParts] = [:]
  private var created: [Series: Double] = [:]
  /// The latest name and group, which the next sample mostly shares.
  private var latest: (name: String, membership: MetricFamilies.Membership)?
  private var latestGroup: (series: Series, index: Int)?

  /// A family and the labels that tell its streams apart.
  struct Series: Hashable {
    var family: String
    var labels: [Label]
  }

  /// A point whose start time is not known yet.
  private struct Pending {
    var series: Series
    var name: String
    var value: MetricValue
    var time: WallTime?
  }

  /// Points, and histograms that contradict themselves.
  struct Assembled {
    var points: [MetricPoint]
    var rejectedHistograms: Int
  }

  mutating func add(_ sample: Sample) {
    let membership = membership(of: sample)
    var series = Series(family: membership.family, labels: sample.labels)
    switch membership.role {
    case .ignored: return
    case .created: created[series] = sample.value
    case .gauge: append(.gauge(sample.value), sample, series)
    case .counter: append(.counter(sample.value, .cumulative), sample, series)
    case .untyped: append(.untyped(sample.value), sample, series)
    case .sum: update(series, sample) { $0.sum = sample.value }
    case .count: update(series, sample) { $0.count = sample.value }
    case .bucket:
      let bound = series.takeNumber("le")
      update(series, sample) { $0.addBucket(bound: bound, count: sample.value) }
    case .quantile:
      let quantile = series.takeNumber("quantile")
      update(series, sample) { $0.addQuantile(quantile, value: sample.value) }
    }
  }

  mutating func finish() -> Assembled {
    var assembled = Assembled(points: [], rejectedHistograms: 0)
    assembled.points.reserveCapacity(points.count)
    for (index, pending) in points.enumerated() {
      guard let value = parts[index].map({ $0.value }) ?? pending.value else {
        assembled.rejectedHistograms += 1
        continue
      }
      var point = MetricPoint(
        name: pending.name, unit: families.units[pending.series.family], value: value, time: pending.time)
      point.attributes = Dictionary(pending.series.labels.lazy.map { ($0.key, $0.value) }) { first, _ in first }
      if !created.isEmpty, let start = created[pending.series], start.isFinite {
        point.startTime = WallTime(secondsSinceEpoch: start)
      }
      assembled.points.append(point)
    }
    return assembled
  }

  private mutating func membership(of sample: Sample) -> MetricFamilies.Membership {
    if let latest, latest.name == sample.name { return latest.membership }
    let hasBound = sample.labels.contains { $0.key == "le" }
    let membership = families.membership(of: sample.name, hasBound: hasBound)
    latest = (sample.name, membership)
    return membership
  }

  private mutating func append(_ value: MetricValue, _ sample: Sample, _ series: Series) {
    points.append(Pending(series: series, name: sample.name, value: value, time: sample.time))
  }

  /// Changes the parts of a series, which takes its place among the points when its first sample comes.
  private mutating func update(_ series: Series, _ sample: Sample, _ change: (inout SeriesParts) -> Void) {
    let index: Int
    if let latestGroup, latestGroup.series == series {
      index = latestGroup.index
    } else if let known = groups[series] {
      index = known
    } else {
      index = points.count
      groups[series] = index
      append(.summary(QuantileSummary()), sample, series)
      points[index].name = series.family
    }
    latestGroup = (series, index)
    change(&parts[index, default: SeriesParts()])
  }
}

extension SampleAssembler.Series {
  /// Takes a label out and reads it as a number; nil when it is missing or none.
  fileprivate mutating func takeNumber(_ key: String) -> Double? {
    guard let index = labels.firstIndex(where: { $0.key == key }) else { return nil }
    return PrometheusNumber.parse(Array(labels.remove(at: index).value.utf8)[...])
  }
}
