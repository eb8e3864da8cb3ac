/// A `KEY=VALUE` of the vocabulary: how it changes something, and how that says it again.
struct FaultKey<Subject>: Sendable {
  let name: String
  /// What its value may be, for people.
  let possible: String
  /// Does what a value says; false for one that is not possible.
  let set: @Sendable (inout Subject, String) -> Bool
  /// The value as the subject says it; nil when it says nothing about it.
  let text: @Sendable (Subject) -> String?

  /// A field that says nothing when it is nil.
  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Subject, Value?> & Sendable, _ value: FaultValue<Value>
  ) {
    self.name = name
    possible = value.possible
    set = { subject, text in
      guard let value = value.read(text) else { return false }
      subject[keyPath: path] = .some(value)
      return true
    }
    text = { subject in subject[keyPath: path].map(value.write) }
  }

  /// A field that says something when what it is a part of does.
  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Subject, Value> & Sendable, _ value: FaultValue<Value>,
    when isSaid: @escaping @Sendable (Subject) -> Bool
  ) {
    self.name = name
    possible = value.possible
    set = { subject, text in
      guard let value = value.read(text) else { return false }
      subject[keyPath: path] = value
      return true
    }
    text = { subject in isSaid(subject) ? value.write(subject[keyPath: path]) : nil }
  }
}

/// The keys that may stand in one place.
struct FaultKeys<Subject>: Sendable {
  private let keys: [FaultKey<Subject>]

  init(_ keys: [FaultKey<Subject>]) {
    self.keys = keys
  }

  /// `KEY=`, for people.
  var names: [String] { keys.map { "\($0.name)=" } }

  /// One line for each key, with what its value may be.
  var usage: [String] {
    let width = names.map(\.count).max() ?? 0
    return zip(names, keys).map { name, key in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(key.possible)"
    }
  }

  /// Does what the words say, each of them a `KEY=VALUE`.
  ///
  /// - Parameters:
  ///   - words: In any order, each key once.
  ///   - subject: What they change.
  ///   - place: The word that they follow, for the error.
  ///   - others: Words that could stand there too, for the error.
  /// - Throws: ``FaultWordsError`` for the first word that is wrong.
  func read(
    _ words: some Sequence<String>, into subject: inout Subject, after place: String, or others: [String] = []
  ) throws(FaultWordsError) {
    var seen: Set<String> = []
    for word in words {
      guard let equals = word.firstIndex(of: "=") else { throw .impossible(place, word, of: names + others) }
      let name = String(word[..<equals])
      guard let key = keys.first(where: { $0.name == name }) else {
        throw .impossible(place, "\(name)=", of: names + others)
      }
      guard seen.insert(name).inserted else { throw .repeated(place, "\(name)=") }
      let value = String(word[word.index(after: equals)...])
      guard key.set(&subject, value) else {
        throw FaultWordsError(name, "\(FaultWordsError.shown(value)) is not possible; it is \(key.possible)")
      }
    }
  }

  /// The words that say what a subject says, without what another one says too.
  func words(_ subject: Subject, from old: Subject? = nil) -> [String] {
    keys.compactMap { key in
      guard let text = key.text(subject), old.map({ key.text($0) != text }) ?? true else { return nil }
      return "\(key.name)=\(text)"
    }
  }
}
