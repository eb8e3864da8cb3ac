package import DeptopModel

extension TCPInfo {
  /// The length of `struct tcp_info` from which every field read here is in it (Linux 4.6).
  package static let shortestKernelLength = 148
  /// The length from which the fields of ``TCPAccounting`` are in it as well (Linux 5.4).
  package static let accountingKernelLength = 232

  /// The fields of the kernel's `struct tcp_info`; nil when the kernel is too old to report all of them.
  ///
  /// The structure only ever grows at its end, so offsets hold for every kernel, where the structure of the headers
  /// that this is compiled with has another length.
  package init?(kernelBytes bytes: borrowing RawSpan) {
    // A field that is not there would have to be told as zero, which it is not.
    guard bytes.byteCount >= Self.shortestKernelLength else { return nil }
    self.init()
    backoff = bytes.field(at: 4)
    rtoMicroseconds = bytes.field(at: 8)
    sendMSS = bytes.field(at: 16)
    receiveMSS = bytes.field(at: 20)
    unacknowledged = bytes.field(at: 24)
    lastDataSentMilliseconds = bytes.field(at: 44)
    lastDataReceivedMilliseconds = bytes.field(at: 52)
    lastAckReceivedMilliseconds = bytes.field(at: 56)
    pathMTU = bytes.field(at: 60)
    rttMicroseconds = bytes.field(at: 68)
    rttVarianceMicroseconds = bytes.field(at: 72)
    totalRetransmits = bytes.field(at: 100)
    bytesAcknowledged = bytes.field(at: 120)
    bytesReceived = bytes.field(at: 128)
    notSentBytes = bytes.field(at: 144)
    if bytes.byteCount >= Self.accountingKernelLength { accounting = TCPAccounting(kernelBytes: bytes) }
  }
}

extension TCPAccounting {
  /// Needs ``TCPInfo/accountingKernelLength`` bytes.
  fileprivate init(kernelBytes bytes: borrowing RawSpan) {
    self.init()
    dataSegmentsIn = bytes.field(at: 152)
    busyMicroseconds = bytes.field(at: 168)
    windowLimitedMicroseconds = bytes.field(at: 176)
    bytesSent = bytes.field(at: 200)
    bytesRetransmitted = bytes.field(at: 208)
    outOfOrder = bytes.field(at: 224)
    sendWindow = bytes.field(at: 228)
  }
}
