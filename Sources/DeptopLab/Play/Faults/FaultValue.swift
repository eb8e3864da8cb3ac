/// How the value after a `KEY=` is read and written.
struct FaultValue<Value: Sendable>: Sendable {
  /// What is possible, for people: `seconds, 0 to 86400`.
  let possible: String
  /// nil for a text that is not possible.
  let read: @Sendable (String) -> Value?
  /// What ``read`` reads as the same value.
  let write: @Sendable (Value) -> String
}

extension FaultValue {
  /// What another value may be, or a word that stands for nil.
  static func either<Other>(_ word: String, _ other: FaultValue<Other>) -> Self where Value == Other? {
    Self(
      possible: "\(word) or \(other.possible)",
      read: { text in text == word ? .some(nil) : other.read(text).map { .some($0) } },
      write: { $0.map(other.write) ?? word })
  }
}

extension FaultValue<Double> {
  static let seconds = number("seconds", in: 0...86_400)
  static let share = number("a share", in: 0...1)

  static func number(_ what: String, in range: ClosedRange<Double>) -> Self {
    Self(
      possible: "\(what), \(range.lowerBound.faultText) to \(range.upperBound.faultText)",
      read: { text in Double(text).flatMap { range.contains($0) ? $0 : nil } }, write: \.faultText)
  }
}

extension FaultValue where Value: FixedWidthInteger {
  static func whole(_ what: String = "a whole number", in range: ClosedRange<Value>) -> Self {
    Self(
      possible: "\(what), \(range.lowerBound) to \(range.upperBound)",
      read: { text in Value(text).flatMap { range.contains($0) ? $0 : nil } }, write: { "\($0)" })
  }
}

extension FaultValue<Bool> {
  static let flag = FaultValue.word(["true": true, "false": false])
}

extension FaultValue where Value: Equatable {
  /// One of some words; every value has one.
  static func word(_ words: KeyValuePairs<String, Value>) -> Self {
    Self(
      possible: words.map(\.key).joined(separator: " or "),
      read: { text in words.first { $0.key == text }?.value },
      write: { value in words.first { $0.value == value }?.key ?? "" })
  }
}

extension Double {
  /// The shortest text that is read as the same number, without a fraction of 0.
  var faultText: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
