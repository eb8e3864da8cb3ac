/// What a running lab tells whoever started it, one JSON line each on its standard output.
package enum LabEvent: Sendable, Hashable, Codable {
  /// The collector serves; everything of the lab is up.
  case ready(controlSocket: String, labSocket: String)
  /// A scenario began, goes on, or ended.
  case scenario(LabScene)
  /// A scenario that cannot be played on this host, and why.
  case leftOut(scenario: String, reason: String)
  /// Every scenario has been played.
  case finished
  /// The lab cannot go on, for this reason; it ends.
  case failed(String)
}

/// Where a scenario is, and what the person in front of the screen is to know.
package struct LabScene: Sendable, Hashable, Codable {
  /// Such as `dns-failover`.
  package var scenario: String
  package var title: String
  /// 1…``count``.
  package var number: Int
  package var count: Int
  package var phase: Phase
  /// One or two sentences: what was just broken, or what has healed.
  package var caption: String
  /// The keys that repair it, in order, such as `D` or `B`; empty while there is nothing to repair.
  package var keys: [String]

  /// The stages of every scenario, in order.
  package enum Phase: String, Sendable, Hashable, Codable {
    /// Everything is as it should be, or about to be broken.
    case healthy
    /// The fault is there and callers do not suffer from it yet.
    case brewing
    /// It is broken, and stays so without a repair.
    case broken
    /// Somebody repaired it.
    case healed
  }

  package init(
    scenario: String, title: String, number: Int, count: Int, phase: Phase, caption: String, keys: [String]
  ) {
    self.scenario = scenario
    self.title = title
    self.number = number
    self.count = count
    self.phase = phase
    self.caption = caption
    self.keys = keys
  }
}

/// What a running lab can be told, one JSON line on its socket; it answers one ``LabAnswer`` to each.
package enum LabRequest: Sendable, Hashable, Codable {
  /// Goes on to the next scenario, healed or not.
  case next
  /// Plays one scenario now.
  case play(scenario: String)
  /// Breaks or mends one thing by hand, in the words of `deptop lab fault`.
  case fault(words: [String])
  /// Says what runs and what is broken.
  case status
  /// Ends the lab.
  case stop
}

/// A lab's answer to a request.
package enum LabAnswer: Sendable, Hashable, Codable {
  /// Done, with what there is to say.
  case done(String)
  /// Not done, and why.
  case refused(String)
}
