internal import DeptopModel
internal import Yams

extension Field {
  /// One line of text; unquoted booleans are refused, because `label: no` would be read as false elsewhere.
  func text(
    _ expectation: String = "text", limit: Int = Limits.textLength, isSecret: Bool = false
  ) throws(Mistake) -> String {
    guard foreignTag == nil, let scalar, !scalar.isNull else { throw expected(expectation, isSecret: isSecret) }
    guard scalar.boolean == nil else {
      throw mistake("expected \(expectation); put quotes around it if the word is meant", isSecret: isSecret)
    }
    guard !scalar.text.isEmpty else { throw mistake("expected \(expectation), not an empty text", isSecret: isSecret) }
    guard scalar.text.unicodeScalars.allSatisfy(DisplayText.isHarmless) else {
      throw mistake("expected \(expectation) without control or formatting characters", isSecret: isSecret)
    }
    guard scalar.text.unicodeScalars.count <= limit else {
      throw mistake("expected \(expectation) of at most \(limit) characters", isSecret: isSecret)
    }
    return scalar.text
  }

  /// A name that fits into a path, a column and a command line.
  func name() throws(Mistake) -> String {
    let expectation = "1 to \(Limits.nameLength) letters, digits, '.', '_' or '-'"
    let name = try text(expectation)
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isName, name.utf8.count <= Limits.nameLength else { throw expected(expectation) }
    return name
  }

  /// A boolean of YAML 1.1, unquoted.
  func boolean() throws(Mistake) -> Bool {
    guard foreignTag == nil, let boolean = scalar?.boolean else {
      throw expected("true or false" + (scalar?.isText == true ? " without quotes" : ""))
    }
    return boolean
  }

  /// Decimal seconds within a range.
  func seconds(in range: ClosedRange<Duration>) throws(Mistake) -> Duration {
    let bounds = "\(DecimalSeconds.text(range.lowerBound)) to \(DecimalSeconds.text(range.upperBound)) seconds"
    guard foreignTag == nil, let scalar, !scalar.isText, let value = DecimalSeconds.parse(scalar.text) else {
      throw expected("\(bounds) as a decimal number")
    }
    guard range.contains(value) else { throw expected(bounds) }
    return value
  }

  /// A whole number within a range, in decimal digits.
  func integer(in range: ClosedRange<Int>, unit: String) throws(Mistake) -> Int {
    let bounds = "\(range.lowerBound) to \(range.upperBound) \(unit)"
    guard foreignTag == nil, let scalar, !scalar.isText, scalar.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = Int(scalar.text)
    else { throw expected("\(bounds) as a whole number") }
    guard range.contains(value) else { throw expected(bounds) }
    return value
  }

  /// A TCP port, 1…65535.
  func port() throws(Mistake) -> UInt16 {
    guard foreignTag == nil, let scalar, !scalar.isText, let port = Endpoint.port(scalar.text[...]) else {
      throw expected("a port from 1 to 65535")
    }
    return port
  }

  func absolutePath() throws(Mistake) -> String {
    let path = try text("an absolute path", limit: 4096)
    guard path.hasPrefix("/") else { throw expected("an absolute path") }
    return path
  }

  /// A host name, an address, or an absolute path of a directory.
  func hostOrDirectory() throws(Mistake) -> String {
    let expectation = "a host name, an address or the absolute path of a socket directory"
    let host = try text(expectation, limit: 4096)
    guard host.hasPrefix("/") || Endpoint.isHost(host[...]) else { throw expected(expectation) }
    return host
  }

  func endpoint() throws(Mistake) -> Endpoint {
    guard let endpoint = Endpoint(try text("host:port")) else {
      throw expected("host:port, with an IPv6 address in brackets")
    }
    return endpoint
  }

  /// A DNS server's address, with or without a port.
  func resolver() throws(Mistake) -> Resolver {
    let expectation = "an address or address:port, with an IPv6 address before a port in brackets"
    guard let resolver = Resolver(try text(expectation)) else { throw expected(expectation) }
    return resolver
  }

  /// The values of a list of at most so many.
  func items(limit: Int) throws(Mistake) -> [Field] {
    guard foreignTag == nil, case .sequence(let sequence) = node else { throw expected("a list") }
    guard sequence.count <= limit else {
      throw mistake("expected a list of at most \(limit) entries, not \(sequence.count)")
    }
    return sequence.enumerated().map { Field($1, path: "\(path)[\($0)]", position: position) }
  }
}
