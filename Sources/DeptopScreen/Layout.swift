/// A way to cut a rectangle into parts that follow one another.
package struct Layout: Sendable, Hashable {
  /// The direction in which the parts follow one another.
  package enum Axis: Sendable, Hashable {
    /// One below another; lengths are rows.
    case vertical
    /// Side by side; lengths are columns.
    case horizontal
  }

  /// How much of the length a part takes.
  package enum Part: Sendable, Hashable {
    /// Exactly this length where there is room for it.
    case fixed(Int)
    /// At least `minimum` where there is room, then a share of what is left by weight, up to `maximum`.
    case flexible(minimum: Int = 0, maximum: Int = .max, weight: Int = 1)
  }

  package var axis: Axis
  package var parts: [Part]
  /// Rows or columns left empty between two neighbours that both have a length.
  package var spacing: Int

  package init(_ axis: Axis, _ parts: [Part], spacing: Int = 0) {
    self.axis = axis
    self.parts = parts
    self.spacing = max(0, spacing)
  }

  /// One rectangle for each part, in order, inside `rect` and without overlap.
  ///
  /// Where the room does not suffice, earlier parts get theirs first and the last ones are empty.
  package func rects(in rect: Rect) -> [Rect] {
    let total = axis == .vertical ? rect.rows : rect.columns
    var start = axis == .vertical ? rect.top : rect.left
    return lengths(of: total).map { length in
      defer { start += length > 0 ? length + spacing : 0 }
      return axis == .vertical
        ? Rect(column: rect.left, row: start, columns: rect.columns, rows: length)
        : Rect(column: start, row: rect.top, columns: length, rows: rect.rows)
    }
  }

  /// The length of each part out of `total`.
  package func lengths(of total: Int) -> [Int] {
    var left = max(0, total)
    var started = false
    var lengths = parts.map { part in
      let wanted = part.wants(spacing: started ? spacing : 0)
      let given = min(wanted.length, max(0, left - wanted.gap))
      guard given > 0 || part.grows else { return 0 }
      left -= min(left, given + wanted.gap)
      started = true
      return given
    }
    let extra = apportioned(left, weights: parts.map(\.weight), limits: zip(parts, lengths).map { $0.room(above: $1) })
    for index in lengths.indices { lengths[index] += extra[index] }
    return lengths
  }
}

extension Layout.Part {
  fileprivate var grows: Bool {
    if case .flexible(_, let maximum, let weight) = self { return weight > 0 && maximum > 0 }
    return false
  }

  fileprivate var weight: Int {
    if case .flexible(_, _, let weight) = self { return weight }
    return 0
  }

  fileprivate func wants(spacing: Int) -> (length: Int, gap: Int) {
    switch self {
    case .fixed(let length): (max(0, length), length > 0 ? spacing : 0)
    case .flexible(let minimum, _, _): (max(0, minimum), spacing)
    }
  }

  fileprivate func room(above length: Int) -> Int {
    if case .flexible(_, let maximum, _) = self { return max(0, maximum - length) }
    return 0
  }
}
