internal import ArgumentParser
internal import DeptopBenchmarkFigures
internal import DeptopModel

/// How far percentiles are off, and what counting a latency costs.
struct PercentilesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "percentiles", abstract: "Error of percentiles over ten million latencies, beside hdrhistogram-swift.",
    discussion: """
      Latencies of two shapes, lognormal and bimodal, the same at every run, are counted in deptop's histogram and in \
      hdrhistogram-swift with 5 significant digits. Times are processor time for one latency; the ratio is of both \
      shapes together.
      """)

  @OptionGroup var report: ReportOptions

  @Option(help: "How many latencies of each shape are counted; a tenth with --quick.")
  var samples = 10_000_000

  /// One percentile of one shape.
  struct Row: Encodable, Sendable {
    var name: String
    var quantile: Double
    var referenceMilliseconds: Double
    var answeredMilliseconds: Double
    var errorPercent: Double
    var recordNanoseconds: Double
    var referenceRecordNanoseconds: Double
  }

  func run() throws {
    let count = max(1, report.quick ? samples / 10 : samples)
    let races = LatencySamples.Shape.allCases.map { Race($0, count: count) }
    let rows = races.flatMap(\.rows)
    var result = Report(benchmark: "percentiles", isQuick: report.quick, rounds: 1, rows: rows)
    result.ratios["hdrhistogram"] = ratio(
      races.map(\.own).reduce(0, +), to: races.map(\.reference).reduce(0, +))
    result.targets = races.map {
      Target(
        "worst error of a percentile of \(count) \($0.shape) latencies, %",
        atMost: PercentileAccuracy.promised * 100, measured: $0.accuracy.worst.map { $0 * 100 })
    }
    try result.print(asJSON: report.json, table(rows))
  }

  private func table(_ rows: [Row]) -> TextTable {
    var table = TextTable(header: ["shape", "percentile", "hdr ms", "deptop ms", "error %", "record ns", "hdr ns"])
    for row in rows {
      table.add(
        [row.name, "p" + (row.quantile * 100).text(digits: 1)]
          + [row.referenceMilliseconds, row.answeredMilliseconds, row.errorPercent].map { $0.text(digits: 3) }
          + [row.recordNanoseconds, row.referenceRecordNanoseconds].map { $0.text(digits: 1) })
    }
    return table
  }
}

/// Both histograms over the same latencies.
private struct Race {
  let shape: LatencySamples.Shape
  let accuracy: PercentileAccuracy
  /// Nanoseconds for one latency.
  let own: Double
  let reference: Double

  init(_ shape: LatencySamples.Shape, count: Int) {
    self.shape = shape
    let samples = Array(LatencySamples(shape, seed: 20_261).prefix(count))
    var histogram = Histogram()
    var peer = ReferenceHistogram()
    let start = processorTime()
    for nanoseconds in samples { histogram.record(.nanoseconds(Int64(nanoseconds))) }
    let middle = processorTime()
    for nanoseconds in samples { peer.record(nanoseconds) }
    let end = processorTime()
    own = (middle - start) / .nanoseconds(count)
    reference = (end - middle) / .nanoseconds(count)
    accuracy = PercentileAccuracy(histogram, peer)
  }

  var rows: [PercentilesCommand.Row] {
    accuracy.comparisons.map {
      PercentilesCommand.Row(
        name: shape.rawValue, quantile: $0.quantile, referenceMilliseconds: $0.reference / .milliseconds(1),
        answeredMilliseconds: $0.answered / .milliseconds(1), errorPercent: $0.error * 100, recordNanoseconds: own,
        referenceRecordNanoseconds: reference)
    }
  }
}
