internal import DeptopModel

/// The JSON of an answer of Prometheus' query interface.
struct PrometheusAnswer: Decodable {
  var status: String
  var data: Result?
  var errorType: String?
  var error: String?
  var warnings: [String]?

  /// The result of a query; empty for scalars and texts, which are about no series.
  struct Result: Decodable {
    var series: [Series]

    private enum CodingKeys: String, CodingKey {
      case resultType, result
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      switch try container.decode(String.self, forKey: .resultType) {
      case "vector", "matrix": series = try container.decode([Series].self, forKey: .result)
      default: series = []
      }
    }
  }

  /// One series with its latest value.
  struct Series: Decodable {
    var metric: [String: String]
    var value: Value?
    var values: [Value]?
  }

  /// `[seconds, "number"]`.
  struct Value: Decodable {
    var seconds: Double
    var number: String

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      seconds = try container.decode(Double.self)
      number = try container.decode(String.self)
    }
  }
}

extension PrometheusAnswer.Series {
  var isBucket: Bool { metric["le"] != nil }

  /// The series as a sample line would give it; nil without a name or a number.
  var sample: Sample? {
    guard let name = metric["__name__"], !name.isEmpty, let latest = value ?? values?.last,
      let number = PrometheusNumber.parse(Array(latest.number.utf8)[...])
    else { return nil }
    let labels = metric.filter { $0.key != "__name__" }.map { Label(key: $0.key, value: $0.value) }
    return Sample(
      name: name, labels: labels.sorted { $0.key < $1.key }, value: number,
      time: WallTime(secondsSinceEpoch: latest.seconds))
  }
}
