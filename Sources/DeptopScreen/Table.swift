/// A column of a table: what it is called, how wide it wants to be, and when it gives way.
package struct TableColumn: Sendable, Hashable {
  package var id: String
  package var title: String
  /// Columns below which it is not shown at all; at least 1.
  package var minimumWidth: Int
  /// Columns that show its usual content in full.
  package var idealWidth: Int
  /// Its part of the room that is left when every column has its ideal width; 0 never grows.
  package var weight: Int
  package var alignment: Alignment
  /// The column with the lowest priority is dropped first; among equals the rightmost.
  package var priority: Int

  package init(
    id: String, title: String, minimumWidth: Int, idealWidth: Int, weight: Int = 0, alignment: Alignment = .left,
    priority: Int
  ) {
    self.id = id
    self.title = title
    self.minimumWidth = max(1, minimumWidth)
    self.idealWidth = max(self.minimumWidth, idealWidth)
    self.weight = max(0, weight)
    self.alignment = alignment
    self.priority = priority
  }
}

/// What a row shows in one column or in several neighbouring ones.
package struct TableCell: Sendable, Hashable {
  package var text: String
  package var style: Style
  /// How many columns, shown or not, the text runs across; at least 1.
  ///
  /// A text across several columns starts at the left.
  package var span: Int

  package init(_ text: String, style: Style, span: Int = 1) {
    self.text = text
    self.style = style
    self.span = max(1, span)
  }
}

/// Cells in the order of the table's columns; columns without one stay empty.
package struct TableRow: Sendable, Hashable {
  package var cells: [TableCell]

  package init(_ cells: [TableCell]) {
    self.cells = cells
  }
}

/// A table whose columns give way as the room gets narrower.
package struct Table: Sendable {
  package var columns: [TableColumn]
  /// The column that the rows are sorted by, if it is one of the columns, and the direction.
  package var sorting: Sorting?
  package var styles: Styles
  package var glyphs: Glyphs
  /// Empty columns between two neighbours.
  package var spacing: Int

  package init(
    columns: [TableColumn], sorting: Sorting? = nil, styles: Styles, glyphs: Glyphs, spacing: Int = 1
  ) {
    self.columns = columns
    self.sorting = sorting
    self.styles = styles
    self.glyphs = glyphs
    self.spacing = max(0, spacing)
  }

  /// The column and direction of a sort.
  package struct Sorting: Sendable, Hashable {
    package var id: String
    package var ascending: Bool

    package init(id: String, ascending: Bool) {
      self.id = id
      self.ascending = ascending
    }
  }

  /// The styles of what the table itself draws.
  package struct Styles: Sendable, Hashable {
    /// Ordinary text; see ``Style/selected(by:over:)``.
    package var text: Style
    package var header: Style
    package var sortedHeader: Style
    /// Laid over the selected row, see ``Style/selected(by:over:)``.
    package var selection: Style

    package init(text: Style, header: Style, sortedHeader: Style, selection: Style) {
      self.text = text
      self.header = header
      self.sortedHeader = sortedHeader
      self.selection = selection
    }
  }
}
