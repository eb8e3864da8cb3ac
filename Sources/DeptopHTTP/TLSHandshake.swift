internal import CCurl

/// A TLS handshake over an established connection, to see how long it takes.
///
/// The certificate is not checked: an application may trust what this process does not.
package struct TLSHandshake: Sendable {
  /// How it went.
  package struct Outcome: Sendable, Hashable {
    /// From the established connection to the end of the handshake; nil when there was none.
    package var duration: Duration?
    /// From the request to the first byte; nil when there was none, or none was wanted.
    package var firstByte: Duration?
    /// Why one of them is missing, in libcurl's words; nil when none is.
    package var failure: String?
    package var isCancelled = false
  }

  /// A name or an address; the name is asked for in the handshake (SNI).
  package var host: String
  /// The peer's address, as text.
  package var address: String
  package var port: UInt16
  /// For the handshake, and again for the first byte.
  package var timeout: Duration = .seconds(1)
  /// What is sent to get a first byte; empty when the peer speaks first, nil when no byte is waited for.
  package var request: [UInt8]?

  package init(host: String, address: String, port: UInt16) {
    self.host = host
    self.address = address
    self.port = port
  }

  /// Blocks until it is done, the time is up or the other descriptor is readable; leaves the connection open.
  package func perform(over descriptor: Int32, cancelledBy cancel: Int32 = -1) -> Outcome {
    let url = "https://\(bracketed(host)):\(port)/"
    let target = "::\(bracketed(address)):\(port)"
    var result = deptop_tls_result()
    unsafe url.withCString { url in
      unsafe target.withCString { target in
        unsafe (request ?? []).withUnsafeBufferPointer { bytes in
          var tls = unsafe deptop_tls(
            descriptor: descriptor, cancel_descriptor: cancel, url: url, target: target,
            timeout_milliseconds: timeout.wholeMilliseconds, wants_first_byte: request != nil,
            request: bytes.baseAddress, request_size: bytes.count)
          unsafe deptop_tls_perform(&tls, &result)
        }
      }
    }
    return Outcome(result)
  }

  private func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

extension TLSHandshake.Outcome {
  fileprivate init(_ result: deptop_tls_result) {
    let handshake = result.handshake_microseconds
    let first = result.first_byte_microseconds
    duration = handshake < 0 ? nil : .microseconds(handshake)
    firstByte = first < 0 ? nil : .microseconds(first)
    isCancelled = result.is_cancelled
    let bytes = unsafe withUnsafeBytes(of: result.reason) { unsafe Array($0.prefix { $0 != 0 }) }
    failure = bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
