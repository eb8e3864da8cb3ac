import DeptopLab
import DeptopTestSupport
import Glibc
import Testing

@testable import DeptopLab

@Suite struct LabDirectoryTests {
  private let place: TemporaryDirectory

  init() throws {
    place = try TemporaryDirectory()
  }

  @Test func `it is below the first place that lets it, for its owner alone`() throws {
    let path = try LabDirectory.make(named: nil, below: ["", "relative", place.file("missing"), place.path, "/"])
    #expect(path.hasPrefix("\(place.path)/deptop-lab-"))
    var status = stat()
    #expect(unsafe stat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o700)
  }

  @Test func `one that is named must not exist yet`() throws {
    let path = place.file("mine")
    #expect(try LabDirectory.make(named: path) == path)
    #expect(throws: GroundError.system("\(path) cannot be made", code: EEXIST)) {
      try LabDirectory.make(named: path)
    }
  }

  @Test func `a path that leaves no room for a socket is refused`() {
    let long = "/tmp/" + String(repeating: "x", count: 90)
    #expect(throws: GroundError.system(long, code: ENAMETOOLONG)) { try LabDirectory.make(named: long) }
  }

  @Test func `it is removed with everything in it, and nothing that a link leads to`() throws {
    let path = try LabDirectory.make(named: place.file("lab"))
    try place.write("kept", to: "outside")
    unsafe mkdir("\(path)/deep", 0o700)
    unsafe mkdir("\(path)/deep/deeper", 0o700)
    try place.write("gone", to: "lab/deep/deeper/file")
    unsafe symlink(place.file("outside"), "\(path)/deep/link")
    unsafe symlink(place.path, "\(path)/directory-link")
    unsafe mkfifo("\(path)/deep/pipe", 0o600)
    try LabDirectory.remove(path)
    #expect(!place.has("lab"))
    #expect(place.read("outside") == "kept")
  }

  @Test func `one that is a link itself is not emptied`() throws {
    let path = try LabDirectory.make(named: place.file("target"))
    try place.write("kept", to: "target/file")
    unsafe symlink(path, place.file("link"))
    #expect(throws: GroundError.self) { try LabDirectory.remove(place.file("link")) }
    #expect(place.read("target/file") == "kept")
  }

  @Test func `the only lab that runs is found, and one of several is not guessed`() throws {
    let places = [place.path, place.file("missing"), place.path]
    #expect(throws: GroundError.role("no lab runs; deptop-lab run starts one")) {
      try LabDirectory.onlyLab(with: "lab.sock", below: places)
    }
    let first = try LabDirectory.make(named: nil, below: places)
    let second = try LabDirectory.make(named: nil, below: places)
    let name = first.dropFirst(place.path.utf8.count + 1)
    try place.write("", to: "\(name)/lab.sock")
    #expect(try LabDirectory.onlyLab(with: "lab.sock", below: places) == "\(first)/lab.sock")
    try place.write("", to: "\(second.dropFirst(place.path.utf8.count + 1))/lab.sock")
    #expect(throws: GroundError.self) { try LabDirectory.onlyLab(with: "lab.sock", below: places) }
  }

  @Test func `one that is gone already is as good`() throws {
    try LabDirectory.remove(place.file("never"))
  }

  @Test(arguments: [
    ("12 (sh) S 7 12 12", 7), ("12 (a) b (c)) R 9 1", 9), ("12 (sh", nil), ("12 (sh) S", nil), ("", nil),
  ])
  func `a process's parent is read behind its name`(_ status: String, _ parent: Int32?) {
    #expect(ProcessList.parent(inStatus: status) == parent)
  }
}
