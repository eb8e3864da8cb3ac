internal import DeptopConfiguration
internal import DeptopModel

/// Goes through a text line by line.
struct PrometheusParser {
  private let syntax: PrometheusText.Syntax
  private let limits: PrometheusText.Limits
  private var assembler = SampleAssembler()
  private var reading = PrometheusText.Reading()
  private var samples = 0

  init(syntax: PrometheusText.Syntax, limits: PrometheusText.Limits) {
    self.syntax = syntax
    self.limits = limits
  }

  mutating func parse(_ bytes: [UInt8]) -> PrometheusText.Reading {
    var start = 0
    var number = 0
    while start < bytes.count {
      let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      number += 1
      var end = newline
      if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      line(bytes, start..<end, number: number)
      start = newline + 1
    }
    let assembled = assembler.finish()
    reading.points = assembled.points
    reading.rejectedHistograms = assembled.rejectedHistograms
    return reading
  }

  private mutating func line(_ bytes: [UInt8], _ range: Range<Int>, number: Int) {
    guard range.count <= limits.lineBytes else {
      reading.linesOverLimit += 1
      return
    }
    var scanner = LineScanner(bytes, range)
    scanner.skipBlanks()
    do throws(LineScanner.Wrong) {
      if scanner.isAtEnd { return }
      if scanner.take(UInt8(ascii: "#")) {
        try comment(&scanner)
      } else {
        try sample(&scanner)
      }
    } catch {
      note(error, bytes[range], number: number)
    }
  }

  private mutating func note(_ wrong: LineScanner.Wrong, _ line: ArraySlice<UInt8>, number: Int) {
    reading.wrongLines += 1
    guard reading.firstWrongLines.count < limits.toldLines else { return }
    let text = DisplayText.clean(String(decoding: line.prefix(400), as: UTF8.self), limit: 80)
    reading.firstWrongLines.append(.init(number: number, text: text, reason: wrong.reason))
  }

  /// Reads `# TYPE` and `# UNIT`; every other comment says nothing that is needed.
  private mutating func comment(_ scanner: inout LineScanner) throws(LineScanner.Wrong) {
    scanner.skipBlanks()
    let keyword = try scanner.word()
    guard keyword == "TYPE" || keyword == "UNIT" else { return }
    scanner.skipBlanks()
    let name = try scanner.metricName()
    scanner.skipBlanks()
    let word = try scanner.word()
    if keyword == "UNIT" {
      assembler.families.units[name] = word.isEmpty ? nil : word
    } else if let kind = MetricFamilies.Kind(rawValue: word.lowercased()) {
      assembler.families.kinds[name] = kind
    } else {
      throw .init(reason: "expected a metric type")
    }
  }

  private mutating func sample(_ scanner: inout LineScanner) throws(LineScanner.Wrong) {
    guard let sample = try scanner.sample(syntax: syntax, maximumLabels: limits.labels), samples < limits.samples else {
      reading.linesOverLimit += 1
      return
    }
    samples += 1
    assembler.add(sample)
  }
}
