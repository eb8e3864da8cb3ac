internal import Yams

/// A mapping whose keys are known.
struct Section {
  let field: Field
  private let fields: [String: Field]

  init(_ field: Field, fields: [String: Field]) {
    self.field = field
    self.fields = fields
  }

  subscript(key: String) -> Field? { fields[key] }
}

/// One key of a mapping with its value, where merge keys are already followed.
struct MappingEntry {
  let key: String
  let position: Position
  let value: Field
  /// True when `<<` brought it here, so that a key beside it wins.
  let isMerged: Bool
}

extension Field {
  /// The keys and values of a mapping in the order of the file, own ones first.
  func entries() throws(Mistake) -> [MappingEntry] {
    guard foreignTag == nil, case .mapping(let mapping) = node else { throw expected("a mapping of keys to values") }
    var own: [MappingEntry] = []
    var merged: [MappingEntry] = []
    for (keyNode, valueNode) in mapping {
      let key = Field(keyNode, path: path, position: position)
      guard let scalar = key.scalar else { throw key.expected("a word as the key") }
      let value = Field(valueNode, path: path(of: scalar.text), position: key.position)
      // The composer has already marked every plain key as text, to compare it with its neighbours.
      if scalar.text == "<<", !scalar.isQuoted {
        merged += try value.mergedEntries(below: self)
      } else {
        own.append(MappingEntry(key: scalar.text, position: key.position, value: value, isMerged: false))
      }
    }
    return own + merged
  }

  /// The entries that a merge key brings: of one mapping, or of each in a list.
  private func mergedEntries(below target: Field) throws(Mistake) -> [MappingEntry] {
    let mappings: [Node] =
      if case .sequence(let sequence) = node { Array(sequence) } else { [node] }
    var entries: [MappingEntry] = []
    for mapping in mappings {
      guard case .mapping(let pairs) = mapping else { throw expected("a mapping to merge, or a list of them") }
      for (keyNode, valueNode) in pairs {
        let key = Field(keyNode, path: target.path, position: position)
        guard let scalar = key.scalar else { throw key.expected("a word as the key") }
        // One level is enough for defaults, and keeps the work in proportion to the file.
        guard scalar.text != "<<" || scalar.isQuoted else {
          throw key.mistake("a merged mapping cannot itself merge another")
        }
        let value = Field(valueNode, path: target.path(of: scalar.text), position: key.position)
        entries.append(MappingEntry(key: scalar.text, position: key.position, value: value, isMerged: true))
      }
    }
    return entries
  }
}
