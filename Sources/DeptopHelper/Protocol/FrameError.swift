/// Why a message between collector and helper is not understood.
struct FrameError: Error, Hashable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
