internal import DeptopModel

/// One sample line, before it is known what it is a part of.
struct Sample {
  var name: String
  /// Sorted by key; the first of two with one key counts.
  var labels: [Label]
  var value: Double
  var time: WallTime?
}

/// One label of a sample.
struct Label: Hashable {
  var key: String
  var value: String
}

extension LineScanner {
  /// Reads `name{label="value"} value timestamp`; nil when there are too many labels.
  mutating func sample(
    syntax: PrometheusText.Syntax, maximumLabels: Int
  ) throws(Wrong) -> Sample? {
    var name = next == UInt8(ascii: "{") ? nil : try metricName()
    skipBlanks()
    var labels: [Label] = []
    if take(UInt8(ascii: "{")) {
      try readLabels(into: &labels, name: &name, limit: maximumLabels)
    }
    guard let name else { throw Wrong(reason: "expected a metric name") }
    skipBlanks()
    let value = try number()
    skipBlanks()
    let time = try timestamp(syntax)
    try exemplar(syntax)
    guard isAtEnd else { throw Wrong(reason: "expected the end of the line after the value and its time") }
    guard labels.count <= maximumLabels else { return nil }
    if !labels.indices.dropFirst().allSatisfy({ labels[$0 - 1].key < labels[$0].key }) {
      labels.sort { $0.key < $1.key }
    }
    return Sample(name: name, labels: labels, value: value, time: time)
  }

  /// Reads to the closing brace; a name in quotes without a value is the metric's.
  private mutating func readLabels(into labels: inout [Label], name: inout String?, limit: Int) throws(Wrong) {
    while true {
      skipBlanks()
      if take(UInt8(ascii: "}")) { return }
      let isQuoted = next == UInt8(ascii: "\"")
      let key = isQuoted ? try quoted() : try identifier(colons: false, "a label name or a closing brace")
      skipBlanks()
      if take(UInt8(ascii: "=")) {
        skipBlanks()
        let value = try quoted()
        // One more than allowed shows that there are too many.
        if labels.count <= limit { labels.append(Label(key: key, value: value)) }
      } else if isQuoted, name == nil, labels.isEmpty {
        name = key
      } else {
        throw Wrong(reason: "expected = after a label name")
      }
      skipBlanks()
      _ = take(UInt8(ascii: ","))
    }
  }

  private mutating func timestamp(_ syntax: PrometheusText.Syntax) throws(Wrong) -> WallTime? {
    guard let first = next, first != UInt8(ascii: "#") else { return nil }
    let start = position
    let value = try number()
    skipBlanks()
    switch syntax {
    case .plain:
      guard value.isFinite, isWhole(from: start) else { throw Wrong(reason: "expected a time in whole milliseconds") }
      return WallTime(secondsSinceEpoch: value / 1000)
    case .openMetrics:
      guard value.isFinite else { throw Wrong(reason: "expected a time in seconds") }
      return WallTime(secondsSinceEpoch: value)
    }
  }

  /// Skips an exemplar, which says nothing about the sample's value.
  private mutating func exemplar(_ syntax: PrometheusText.Syntax) throws(Wrong) {
    guard syntax == .openMetrics, take(UInt8(ascii: "#")) else { return }
    skipBlanks()
    guard take(UInt8(ascii: "{")) else { throw Wrong(reason: "expected the labels of an exemplar after #") }
    var labels: [Label] = []
    var name: String? = ""
    try readLabels(into: &labels, name: &name, limit: 0)
    skipBlanks()
    _ = try number()
    skipBlanks()
    if !isAtEnd { _ = try number() }
    skipBlanks()
  }
}
