internal import DeptopModel
internal import DeptopOTLP
internal import DeptopWire
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Reads the body of one request within a size and a time.
enum IngestBody {
  /// How long a whole body may take: a client that sends a byte now and then holds a connection no longer.
  static let timeout = Duration.seconds(10)

  /// Reads it whole.
  ///
  /// - Throws: ``Refusal`` when it is too large or too slow, or ends in the middle.
  static func read(_ request: Request, limit: Int = IngestQuota.largestBody) async throws -> ByteBuffer {
    if let text = request.headers[.contentLength], let length = Int(text), length > limit {
      throw tooLarge(limit)
    }
    let buffer = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
      group.addTask { try await collect(request, limit) }
      group.addTask {
        try await ContinuousClock().sleep(for: timeout)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    guard let buffer else {
      throw Refusal(.invalid, "the request's body did not arrive within \(Int(timeout.seconds)) s")
    }
    return buffer
  }

  private static func collect(_ request: Request, _ limit: Int) async throws -> ByteBuffer {
    do {
      return try await request.body.collect(upTo: limit)
    } catch is NIOTooManyBytesError {
      throw tooLarge(limit)
    } catch let error as CancellationError {
      throw error
    } catch {
      throw Refusal(.invalid, "the request's body could not be read: \(error)")
    }
  }

  /// The body as it was before the sender compressed it.
  static func inflated(_ bytes: [UInt8], _ coding: String?) throws(Refusal) -> [UInt8] {
    switch coding?.lowercased() {
    case nil, "identity": return bytes
    case "gzip", "deflate":
      do throws(GunzipError) {
        return try Gunzip.expand(bytes, limit: IngestQuota.largestInflated)
      } catch {
        throw Refusal(error.isTooLarge ? .tooLarge : .invalid, "the request's body: \(error)")
      }
    case let other?: throw Refusal(.invalid, "content encoding \(LogText.of(other)): expected gzip")
    }
  }

  private static func tooLarge(_ limit: Int) -> Refusal {
    Refusal(.tooLarge, "the request's body has more than \(limit) bytes")
  }
}

extension GunzipError {
  fileprivate var isTooLarge: Bool { if case .tooLarge = self { true } else { false } }
}
