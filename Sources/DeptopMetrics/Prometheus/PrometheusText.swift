/// The text formats of Prometheus: `text/plain; version=0.0.4` and OpenMetrics 1.0.
///
/// The parser is more liberal than Prometheus' own: a line that is wrong costs that line and no other.
package enum PrometheusText {
  /// Which of the two formats a text has; they differ in timestamps and exemplars.
  package enum Syntax: Sendable, Hashable {
    /// Timestamps are whole milliseconds, and there are no exemplars.
    case plain
    /// Timestamps are seconds, and exemplars may follow the value.
    case openMetrics

    /// Takes the format from the `Content-Type` of an answer; everything but OpenMetrics is read as plain.
    package init(contentType: String) {
      self = contentType.lowercased().hasPrefix("application/openmetrics-text") ? .openMetrics : .plain
    }
  }

  /// How much of a text is read; what is over is counted, and the rest is read all the same.
  package struct Limits: Sendable, Hashable {
    /// Bytes of one line.
    package var lineBytes: Int
    /// Sample lines of one text.
    package var samples: Int
    /// Labels of one sample.
    package var labels: Int
    /// Wrong lines that are told one by one.
    package var toldLines: Int

    package init(lineBytes: Int = 16_384, samples: Int = 200_000, labels: Int = 64, toldLines: Int = 5) {
      self.lineBytes = lineBytes
      self.samples = samples
      self.labels = labels
      self.toldLines = toldLines
    }
  }

  /// What was found in a text.
  package struct Reading: Sendable, Hashable {
    package var points: [MetricPoint] = []
    /// Lines that are none of the format.
    package var wrongLines = 0
    /// The first of the wrong lines.
    package var firstWrongLines: [WrongLine] = []
    /// Lines left out because they are too long, have too many labels, or come after too many others.
    package var linesOverLimit = 0
    /// Histograms whose buckets contradict each other.
    package var rejectedHistograms = 0

    package init() {}
  }

  /// A line that could not be read.
  package struct WrongLine: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    package var number: Int
    /// The line's beginning, fit for a terminal.
    package var text: String
    package var reason: String

    /// `line 12: "a.b 1": expected …`.
    package var description: String { "line \(number): \"\(text)\": \(reason)" }
  }

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - bytes: The text, expanded if it was compressed.
  ///   - syntax: nil means that a text whose last line is `# EOF` is OpenMetrics.
  ///   - limits: How much of it is read.
  /// - Returns: The points in the order of their first samples, and what gave none.
  /// - Complexity: O(n) in the number of bytes, but for sorting the labels of each sample.
  package static func parse(_ bytes: [UInt8], syntax: Syntax? = nil, limits: Limits = Limits()) -> Reading {
    var parser = PrometheusParser(syntax: syntax ?? detected(in: bytes), limits: limits)
    return parser.parse(bytes)
  }

  private static func detected(in bytes: [UInt8]) -> Syntax {
    let blanks: Set<UInt8> = [UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " ")]
    guard let last = bytes.lastIndex(where: { !blanks.contains($0) }) else { return .plain }
    return bytes[...last].suffix(5).elementsEqual("# EOF".utf8) ? .openMetrics : .plain
  }
}
