internal import DeptopModel
internal import Glibc

/// Which network namespaces there are, as far as that can be found out.
struct NamespaceSurvey {
  private(set) var own: NamespaceRecord?
  private(set) var others: [NamespaceRecord] = []
  private(set) var abilities: HostAbilities?
  /// Why the others are not swept.
  private(set) var problem: String?
  /// False when the helper is not there, or does not answer.
  private(set) var isAnswering = false

  init(asking access: (any HostAccess)?, files: ProcessFiles) {
    let ownInode = Self.inode(of: "self", in: files)
    guard let access else {
      look(with: files, ownInode: ownInode, reason: "deptop-helper is not running")
      return
    }
    do throws(HostAccessError) {
      let abilities = try access.abilities()
      let records = try access.namespaces()
      isAnswering = true
      self.abilities = abilities
      own = records.first { $0.id.inode == ownInode }
      others = records.filter { $0.id.inode != ownInode }
      if let reason = abilities.reasonAgainst(.namespaces) { problem = Self.sentence(count: others.count, reason) }
    } catch {
      look(with: files, ownInode: ownInode, reason: error.description)
    }
  }

  /// Without a helper: counts what can be seen, which for an ordinary user is its own processes.
  private mutating func look(with files: ProcessFiles, ownInode: UInt32?, reason: String) {
    var inodes: Set<UInt32> = []
    for process in files.processes() {
      if let inode = Self.inode(of: "\(process)", in: files) {
        inodes.insert(inode)
      } else if files.exists(process) {
        problem = "other network namespaces are not seen: \(reason)"
        return
      }
    }
    if let ownInode { inodes.remove(ownInode) }
    problem = Self.sentence(count: inodes.count, reason)
  }

  private static func sentence(count: Int, _ reason: String) -> String? {
    switch count {
    case 0: nil
    case 1: "1 other network namespace is not swept: \(reason)"
    default: "\(count) other network namespaces are not swept: \(reason)"
    }
  }

  /// The number in `net:[4026531840]`; nil when the link may not be read.
  private static func inode(of process: String, in files: ProcessFiles) -> UInt32? {
    guard let target = ProcFile.target(ofLink: "\(files.root)/\(process)/ns/net"), target.hasPrefix("net:[") else {
      return nil
    }
    return UInt32(target.dropFirst(5).dropLast())
  }
}
