/// A graph to be drawn: boxes with rows, and arrows between them. Says what is to be seen, not
/// where.
package struct DrawnGraph: Hashable, Sendable {
  /// How a thing is marked.
  package enum Tone: String, Hashable, Sendable, CaseIterable {
    case plain
    /// What a runtime falls back to.
    case fallback
    /// Works, with a warning.
    case warning
    case error
    /// Part of a cycle.
    case cycle
  }

  /// A container, a package or the host.
  package struct Box: Hashable, Sendable {
    /// The first line.
    package var heading: String
    /// The second line, in small letters; empty leaves it out.
    package var detail: String
    /// All there is to say, some lines; shown where the pointer rests.
    package var title: String
    package var tone: Tone
    /// Whether it is one thing, not a group of them.
    package var isSingle: Bool
    package var rows: [Row] = []
  }

  /// An exposed module inside of its container's box.
  package struct Row: Hashable, Sendable {
    package var label: String
    package var title: String
    package var tone: Tone
  }

  /// Where an arrow begins or ends.
  package struct Port: Hashable, Sendable {
    /// A place in `boxes`.
    package var box: Int
    /// A place in its rows; nil for the box itself.
    package var row: Int?
  }

  /// An arrow. Its label is a line of its own where it begins.
  package struct Edge: Hashable, Sendable {
    package var from: Port
    package var to: Port
    package var label: String
    package var title: String
    package var tone: Tone
    /// Whether it waits for an `import()`.
    package var isLazy: Bool
  }

  /// What the picture is of.
  package var title: String
  package var boxes: [Box] = []
  package var edges: [Edge] = []

  /// A graph of nothing yet.
  package init(title: String) { self.title = title }
}
