import DeptopConfiguration
import Testing

@Suite struct MutationTests {
  /// A small generator with a seed, so that a failure can be repeated.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let fragments = [
    "{", "}", "[", "]", ":", ": ", "- ", "&a ", "*a", "*defaults", "<<: ", "\"", "'", "|\n", ">\n", "\n", "  ", "\t",
    "#",
    "!!int ", "!x ", "? ", "---\n", "...\n", "%YAML 1.1\n", "\\", "~", "-1", "1e999", "99999999999999999999", "\u{0}",
    "\u{7f}", "\u{2028}", "\u{feff}", "\u{e000}", "é", "name: main\n", "name", "access: {}\n",
  ]

  private static func mutate(_ text: String, using generator: inout Generator) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let start = Int.random(in: 0...scalars.count, using: &generator)
      let end = min(scalars.count, start + Int.random(in: 0...20, using: &generator))
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: scalars.removeSubrange(start..<end)
      case 1:
        scalars.insert(
          contentsOf: fragments.randomElement(using: &generator)?.unicodeScalars ?? "".unicodeScalars, at: start)
      case 2:
        scalars.insert(
          contentsOf: Array(scalars[start..<end]), at: Int.random(in: 0...scalars.count, using: &generator))
      default:
        if start < scalars.count { scalars[start] = Unicode.Scalar(UInt8.random(in: 0...255, using: &generator)) }
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  @Test(arguments: 0..<20)
  func `a mangled configuration loads or names every problem with its place`(seed: Int) {
    var generator = Generator(state: UInt64(seed))
    for _ in 0..<100 {
      let text = Self.mutate(ConfigurationText.example.text, using: &generator)
      do throws(ConfigurationError) {
        let settings = try ConfigurationText(text, files: ConfigurationText.example.files).load()
        #expect(throws: Never.self) {
          try ConfigurationText(settings.effectiveDescription(), files: ConfigurationText.example.files).load()
        }
      } catch {
        #expect(!error.problems.isEmpty)
        #expect(error.problems.allSatisfy { $0.line != nil && !$0.message.isEmpty }, "\(error)")
      }
    }
  }
}
