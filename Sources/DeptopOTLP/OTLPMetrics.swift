package import DeptopMetrics
internal import SwiftProtobuf

/// How a message of OpenTelemetry's protocol is written.
package enum OTLPEncoding: Sendable, Hashable {
  case protobuf, json

  /// Takes the encoding from a `Content-Type`; nil for one that OTLP/HTTP does not have.
  package init?(contentType: String) {
    let type = contentType.prefix { $0 != ";" }.lowercased()
    switch type.filter({ $0 != " " }) {
    case "application/x-protobuf": self = .protobuf
    case "application/json": self = .json
    default: return nil
    }
  }

  /// The `Content-Type` of an answer.
  package var contentType: String {
    switch self {
    case .protobuf: "application/x-protobuf"
    case .json: "application/json"
    }
  }
}

/// Why a request could not be read at all.
package enum OTLPError: Error, Hashable, CustomStringConvertible {
  /// The body is no ExportMetricsServiceRequest in this encoding.
  case malformed(OTLPEncoding, reason: String)

  package var description: String {
    switch self {
    case .malformed(.protobuf, let reason): "the body is no OTLP metrics request in protobuf: \(reason)"
    case .malformed(.json, let reason): "the body is no OTLP metrics request in JSON: \(reason)"
    }
  }
}

/// How much of one request is taken; what is over is counted.
package struct OTLPLimits: Sendable, Hashable {
  package var points: Int
  /// Attributes of one point or one resource.
  package var attributes: Int
  /// Unicode scalars of one attribute's value; longer ones are cut.
  package var valueLength: Int

  package init(points: Int = 100_000, attributes: Int = 64, valueLength: Int = 512) {
    self.points = points
    self.attributes = attributes
    self.valueLength = valueLength
  }
}

/// What was found in a request.
package struct OTLPReading: Sendable, Hashable {
  package var points: [MetricPoint] = []
  /// Points that say that there is no value any more.
  package var withoutValue = 0
  /// Points that were not taken, by the reason.
  package var rejected: [String: Int] = [:]

  package init() {}

  /// Points that were not taken.
  package var rejectedCount: Int { rejected.values.reduce(0, +) }
}

/// OpenTelemetry's metrics requests and their answers.
package enum OTLPMetrics {
  /// Reads an ExportMetricsServiceRequest; fields that deptop does not know are skipped.
  ///
  /// - Throws: ``OTLPError`` when the body as a whole cannot be read.
  /// - Complexity: O(n) in the number of bytes.
  package static func decode(
    _ bytes: [UInt8], as encoding: OTLPEncoding, limits: OTLPLimits = OTLPLimits()
  ) throws(OTLPError) -> OTLPReading {
    var reader = PointReader(limits: limits)
    reader.read(try request(bytes, encoding))
    return reader.reading
  }

  /// Writes the ExportMetricsServiceResponse that tells what was not taken.
  ///
  /// - Parameters:
  ///   - rejected: Points that were not taken; 0 without a message makes the answer that everything was.
  ///   - message: Why, for the log of the sender; nil or empty says nothing.
  ///   - encoding: That of the request.
  /// - Returns: The body of the answer; empty in protobuf when everything was taken.
  package static func response(rejected: Int, message: String? = nil, as encoding: OTLPEncoding) -> [UInt8] {
    var response = OTLPExportMetricsServiceResponse()
    if rejected > 0 || message?.isEmpty == false {
      response.partialSuccess.rejectedDataPoints = Int64(rejected)
      response.partialSuccess.errorMessage = message ?? ""
    }
    do {
      switch encoding {
      case .protobuf: return try response.serializedBytes()
      case .json: return try response.jsonUTF8Bytes()
      }
    } catch {
      // A message without required fields and without Any always encodes; an empty answer says the same as success.
      return encoding == .json ? Array("{}".utf8) : []
    }
  }

  private static func request(
    _ bytes: [UInt8], _ encoding: OTLPEncoding
  ) throws(OTLPError) -> OTLPExportMetricsServiceRequest {
    do {
      switch encoding {
      case .protobuf: return try OTLPExportMetricsServiceRequest(serializedBytes: bytes)
      case .json:
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        return try OTLPExportMetricsServiceRequest(jsonUTF8Bytes: bytes, options: options)
      }
    } catch let error as BinaryDecodingError {
      throw .malformed(encoding, reason: "\(error)")
    } catch let error as JSONDecodingError {
      throw .malformed(encoding, reason: "\(error)")
    } catch {
      throw .malformed(encoding, reason: "it cannot be decoded")
    }
  }
}
