internal import Yams

/// A YAML text as a tree in which a key that is given twice does not hide the rest of the tree.
///
/// The composer gives up at the first repeated key. Each one is therefore overwritten with a stand-in of the same
/// length, which keeps every other position true, and the text is composed again.
struct Document {
  /// nil when the text says nothing.
  let root: Node?
  /// The keys that were overwritten, by their stand-ins.
  let standIns: [String: RepeatedKey]

  /// A key that occurs again later in its mapping.
  struct RepeatedKey {
    let name: String
    let position: Position
  }

  /// Why a text is not a document.
  struct Malformed: Error {
    let position: Position?
    let key: String
    let message: String
  }

  init(text: String) throws(Malformed) {
    var text = DocumentText(text)
    var standIns: [String: RepeatedKey] = [:]
    while true {
      do {
        root = try Yams.compose(yaml: text.string, .basic, .default, .utf8)
        self.standIns = standIns
        return
      } catch let error as YamlError {
        guard let key = error.repeatedKey, let standIn = text.overwrite(key, number: standIns.count) else {
          throw Malformed(error, in: text)
        }
        standIns[standIn] = key
      } catch {
        throw Malformed(position: nil, key: "", message: "is not valid YAML: \(error)")
      }
    }
  }
}

extension Document.Malformed {
  init(_ error: YamlError, in text: DocumentText) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      let place = context.map { " \($0.text) that begins in line \($0.mark.line)" } ?? ""
      self.init(position: Position(mark), key: "", message: "is not valid YAML: \(problem)\(place)")
    case .composer(let context, let problem, let mark, _):
      let expectation = context.map { "\($0.text), " } ?? ""
      self.init(position: Position(mark), key: "", message: "is not valid YAML: \(expectation)\(problem)")
    case .reader(let problem, let offset, _, _):
      self.init(position: offset.map(text.position), key: "", message: "is not valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let names, let context):
      self.init(position: Position(context.mark), key: names.first ?? "", message: "the key is given more than once")
    default:
      self.init(position: nil, key: "", message: "is not valid YAML: \(error)")
    }
  }
}

extension YamlError {
  /// The first key that another one in its mapping repeats.
  fileprivate var repeatedKey: Document.RepeatedKey? {
    guard case .duplicatedKeysInMapping(let names, let context) = self, let name = names.first else { return nil }
    return Document.RepeatedKey(name: name, position: Position(context.mark))
  }
}

extension Position {
  init(_ mark: Mark) {
    self.init(line: mark.line, column: mark.column)
  }
}
