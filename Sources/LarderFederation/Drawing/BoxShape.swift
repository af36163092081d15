/// How much room the box of a graph takes, and at which height within it things stand.
struct BoxShape {
  /// Sizes of letters, in pixels.
  enum FontSize {
    /// Bold.
    static let heading = 13.0
    static let row = 12.0
    static let small = 10.0
  }

  /// Longer names are cut in their middle; the title has them whole.
  static let lengthMax = 56

  private static let headingHeight = 18.0
  private static let smallHeight = 14.0
  private static let rowHeight = 20.0
  private static let padding = 7.0
  /// From the box's side to its text; arrows' labels stand further in.
  static let inset = 10.0
  static let lineInset = 22.0

  private(set) var width = 0.0
  private(set) var height = 0.0
  /// The middle of the heading, of the detail, and of each row's own text.
  private(set) var headingY = 0.0
  private(set) var detailY = 0.0
  private(set) var rowYs: [Double] = []
  /// The middle of each arrow's label, in the order of `arrows`.
  private(set) var lineYs: [Int: Double] = [:]

  /// - Parameter arrows: those that begin in the box, by their places in the graph.
  init(_ box: DrawnGraph.Box, arrows: [Int: DrawnGraph.Edge]) {
    height = Self.padding
    headingY = take(box.heading, FontSize.heading, Self.headingHeight, Self.inset)
    if !box.detail.isEmpty {
      detailY = take(box.detail, FontSize.small, Self.smallHeight, Self.inset)
    }
    let arrowsByRow = Dictionary(grouping: arrows.keys.sorted()) { arrows[$0]?.from.row }
    takeLabels(arrowsByRow[nil] ?? [], of: arrows)
    for (row, each) in box.rows.enumerated() {
      rowYs.append(take(each.label, FontSize.row, Self.rowHeight, Self.inset))
      takeLabels(arrowsByRow[row] ?? [], of: arrows)
    }
    height += Self.padding
  }

  private mutating func takeLabels(_ places: [Int], of arrows: [Int: DrawnGraph.Edge]) {
    for place in places {
      let label = arrows[place]?.label ?? ""
      lineYs[place] = take(label, FontSize.small, Self.smallHeight, Self.lineInset)
    }
  }

  /// Where arrows to the box or a row of it end.
  func targetY(_ row: Int?) -> Double { row.map { rowYs[$0] } ?? headingY }

  /// Text as it is shown.
  static func shown(_ text: String) -> String { VisibleText.line(text, lengthMax: lengthMax) }

  /// Takes a line's room and gives its middle.
  private mutating func take(
    _ text: String, _ fontSize: Double, _ lineHeight: Double, _ inset: Double
  ) -> Double {
    // Bold letters are a tenth wider.
    let weight = fontSize == FontSize.heading ? 1.1 : 1
    let textWidth = TextWidth.of(Self.shown(text), fontSize: fontSize) * weight
    width = max(width, textWidth + inset + Self.inset)
    height += lineHeight
    return height - lineHeight / 2
  }
}
