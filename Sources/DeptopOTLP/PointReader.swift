internal import DeptopMetrics
internal import DeptopModel

/// Turns the messages of a request into points.
struct PointReader {
  private let limits: OTLPLimits
  private(set) var reading = OTLPReading()

  /// What points of all kinds have.
  struct Frame {
    var start: UInt64
    var time: UInt64
    var attributes: [OTLPKeyValue]
    var flags: UInt32
  }

  /// Why a point is not taken.
  struct Refusal: Error {
    let reason: String
  }

  init(limits: OTLPLimits) {
    self.limits = limits
  }

  mutating func read(_ request: OTLPExportMetricsServiceRequest) {
    for group in request.resourceMetrics {
      let resource = strings(group.resource.attributes)
      for scope in group.scopeMetrics {
        for metric in scope.metrics { read(metric, resource) }
      }
    }
  }

  private mutating func read(_ metric: OTLPMetric, _ resource: [String: String]) {
    switch metric.data {
    case .gauge(let gauge):
      for point in gauge.dataPoints {
        add(point.frame, metric, resource) { () throws(Refusal) in .gauge(try number(point)) }
      }
    case .sum(let sum): read(sum, metric, resource)
    case .histogram(let histogram):
      for point in histogram.dataPoints {
        add(point.frame, metric, resource) { () throws(Refusal) in
          .histogram(try explicit(point), try temporality(histogram.aggregationTemporality))
        }
      }
    case .exponentialHistogram(let histogram):
      for point in histogram.dataPoints {
        add(point.frame, metric, resource) { () throws(Refusal) in
          .exponential(try exponential(point), try temporality(histogram.aggregationTemporality))
        }
      }
    case .summary(let summary):
      for point in summary.dataPoints { add(point.frame, metric, resource) { .summary(quantiles(point)) } }
    case nil: refuse("the metric has no data of a known kind")
    }
  }

  private mutating func read(_ sum: OTLPSum, _ metric: OTLPMetric, _ resource: [String: String]) {
    for point in sum.dataPoints {
      add(point.frame, metric, resource) { () throws(Refusal) in
        let temporality = try temporality(sum.aggregationTemporality)
        let value = try number(point)
        return sum.isMonotonic ? .counter(value, temporality) : .upDown(value, temporality)
      }
    }
  }

  private mutating func add(
    _ frame: Frame, _ metric: OTLPMetric, _ resource: [String: String], value: () throws(Refusal) -> MetricValue
  ) {
    // Bit 0 is FLAG_NO_RECORDED_VALUE: the stream has ended.
    guard frame.flags & 1 == 0 else {
      reading.withoutValue += 1
      return
    }
    guard reading.points.count < limits.points else {
      return refuse("more than \(limits.points) points in one request")
    }
    guard !metric.name.isEmpty else { return refuse("the metric has no name") }
    do throws(Refusal) {
      reading.points.append(
        MetricPoint(
          name: metric.name, unit: metric.unit.isEmpty ? nil : metric.unit, attributes: strings(frame.attributes),
          value: try value(), time: wallTime(frame.time), startTime: wallTime(frame.start), resource: resource))
    } catch {
      refuse(error.reason)
    }
  }

  private mutating func refuse(_ reason: String) { reading.rejected[reason, default: 0] += 1 }

  private func strings(_ attributes: [OTLPKeyValue]) -> [String: String] {
    var result: [String: String] = [:]
    for attribute in attributes.prefix(limits.attributes) where attribute.hasValue {
      result[attribute.key] = attribute.value.text(limit: limits.valueLength)
    }
    return result
  }
}

private func wallTime(_ nanoseconds: UInt64) -> WallTime? {
  nanoseconds == 0 ? nil : WallTime(secondsSinceEpoch: Double(nanoseconds) / 1e9)
}

extension OTLPNumberDataPoint {
  fileprivate var frame: PointReader.Frame {
    .init(start: startTimeUnixNano, time: timeUnixNano, attributes: attributes, flags: flags)
  }
}

extension OTLPHistogramDataPoint {
  fileprivate var frame: PointReader.Frame {
    .init(start: startTimeUnixNano, time: timeUnixNano, attributes: attributes, flags: flags)
  }
}

extension OTLPExponentialHistogramDataPoint {
  fileprivate var frame: PointReader.Frame {
    .init(start: startTimeUnixNano, time: timeUnixNano, attributes: attributes, flags: flags)
  }
}

extension OTLPSummaryDataPoint {
  fileprivate var frame: PointReader.Frame {
    .init(start: startTimeUnixNano, time: timeUnixNano, attributes: attributes, flags: flags)
  }
}
