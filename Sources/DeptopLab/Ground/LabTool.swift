/// The programs of the system that lay the ground.
enum LabTool: String, Sendable, CaseIterable {
  case ip
  case nft

  /// Its path: in a directory of PATH, or where an ordinary user's PATH does not lead.
  func path() throws(GroundError) -> String {
    if let path = Surroundings.program(rawValue, alsoIn: ["/usr/sbin", "/sbin"]) { return path }
    throw .missingProgram(rawValue, package: package)
  }

  /// The Debian package that has it.
  private var package: String {
    switch self {
    case .ip: "iproute2"
    case .nft: "nftables"
    }
  }
}

extension LabTool {
  /// Runs it to its end, which holds the thread, and answers what it printed.
  func run(_ arguments: [String], input: String) throws(GroundError) -> String {
    let (child, output) = try start(try path(), arguments, input: input)
    var printed: [UInt8] = []
    while let bytes = output.read() { printed += bytes }
    let status = child.wait()
    let text = String(decoding: printed, as: UTF8.self)
    guard status == 0 else {
      throw .program(([rawValue] + arguments).joined(separator: " "), status: status, output: text)
    }
    return text
  }

  /// Answers what it prints; the other ends are the program's alone once this returns, so that its input ends.
  private func start(
    _ path: String, _ arguments: [String], input: String
  ) throws(GroundError) -> (RunningChild, LabDescriptor) {
    let (asking, question) = try LabDescriptor.connection()
    let output = try LabDescriptor.pipe()
    let child: RunningChild
    do throws(StartRefusal) {
      child = try ChildCommand(
        path, arguments, input: question.number, output: output.writing.number, error: output.writing.number
      ).start()
    } catch {
      throw .system(path, code: error.code)
    }
    withExtendedLifetime((question, output.writing)) {}
    // A program that ends before it has read everything says why in what it prints.
    _ = asking.send(Array(input.utf8))
    return (child, output.reading)
  }
}
