internal import DeptopModel

/// What a finding rests on: the readings that it needs, those that support it and those that speak against it.
struct Grounds: Sendable {
  /// The confidence of a finding that has only what it needs, and what each further reading adds or takes away.
  static let base = 0.5
  static let perSupport = 0.1
  static let perRefutation = 0.3
  static let mostConfidence = 0.95

  private(set) var evidence: [Evidence]
  /// Evidence against the finding that was looked for and is not there.
  private(set) var notFound: [String] = []
  private var supporting = 0
  private var refuting = 0

  /// - Parameter evidence: What the finding cannot do without.
  init(_ evidence: [Evidence]) {
    self.evidence = evidence
  }

  /// Tells a reading that makes the finding neither likelier nor less likely.
  mutating func add(_ found: Evidence) {
    evidence.append(found)
  }

  /// Counts a reading that makes the finding likelier; nil when it is not there.
  mutating func support(_ found: Evidence?) {
    guard let found else { return }
    evidence.append(found)
    supporting += 1
  }

  /// Counts a reading that speaks against the finding.
  ///
  /// - Parameters:
  ///   - found: The reading; nil when it was looked for and is not there.
  ///   - name: What was looked for.
  mutating func refute(_ found: Evidence?, lookingFor name: String) {
    guard let found else {
      notFound.append(name)
      return
    }
    evidence.append(found)
    refuting += 1
  }

  /// 0…0.95: 0.5 + 0.1 for each supporting reading − 0.3 for each refuting one.
  var confidence: Double {
    let sum = Grounds.base + Grounds.perSupport * Double(supporting) - Grounds.perRefutation * Double(refuting)
    return (sum.clamped(to: 0...Grounds.mostConfidence) * 100).rounded() / 100
  }
}
