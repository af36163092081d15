/// Where the boxes and arrows of a graph stand: columns from left to right, each box one column
/// behind the last that leads to it; arrows that close a cycle lead back.
///
/// The same graph has the same layout. Time grows with boxes, arrows and lanes, and their
/// logarithms; all lengths are pixels, from the upper left corner.
package struct Layout: Sendable {
  /// In pixels from the picture's upper left corner.
  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double
  }

  /// A rectangle, by its upper left corner.
  package struct Frame: Hashable, Sendable {
    package var x: Double
    package var y: Double
    package var width: Double
    package var height: Double
  }

  private static let margin = 16.0
  private static let columnGap = 64.0
  /// What a gap gains for each arrow through it, and at most.
  private static let arrowGap = 2.0
  private static let arrowGapMax = 160.0

  package private(set) var width = 0.0
  package private(set) var height = 0.0
  /// Of each box.
  package private(set) var frames: [Frame] = []
  /// The points of each arrow: curves and straight lines by turns, a curve first.
  package private(set) var paths: [[Point]] = []
  /// What stands at which height within each box.
  let shapes: [BoxShape]

  /// Lays out `graph`, whose ports are places in it.
  package init(_ graph: DrawnGraph) {
    var arrows = [[Int: DrawnGraph.Edge]](repeating: [:], count: graph.boxes.count)
    for (place, edge) in graph.edges.enumerated() { arrows[edge.from.box][place] = edge }
    let shapes = zip(graph.boxes, arrows).map { BoxShape($0, arrows: $1) }
    self.shapes = shapes
    let items = LayerItems(graph, shapes)
    let order = LayerOrder(items)
    var columns: [(x: Double, width: Double)] = []
    var x = Self.margin
    var arrowCounts = [Int](repeating: 0, count: items.columns.count)
    for joint in items.joints { arrowCounts[items.ranks[joint.left]] += 1 }
    for (column, members) in order.columns.enumerated() {
      let width = members.lazy.filter { !items.isLane($0) }.map { shapes[$0].width }.max() ?? 0
      columns.append((x, width.rounded(.up)))
      x += columns[column].width + Self.columnGap
      x += min(Double(arrowCounts[column]) * Self.arrowGap, Self.arrowGapMax).rounded()
    }
    let frames = graph.boxes.indices.map { box in
      let column = columns[items.ranks[box]]
      return Frame(
        x: column.x, y: order.tops[box] + Self.margin, width: column.width,
        height: shapes[box].height)
    }
    self.frames = frames
    paths = graph.edges.enumerated().map { place, edge in
      let (from, to) = (frames[edge.from.box], frames[edge.to.box])
      let isBackward = items.ranks[edge.to.box] < items.ranks[edge.from.box]
      let isLoop = edge.to.box == edge.from.box
      var path = [
        Point(
          x: isBackward ? from.x : from.x + from.width,
          y: from.y + (shapes[edge.from.box].lineYs[place] ?? 0))
      ]
      for lane in items.lanes[place] {
        let column = columns[items.ranks[lane]]
        let y = order.tops[lane] + Self.margin + LayerItems.laneHeight / 2
        let sides = [Point(x: column.x, y: y), Point(x: column.x + column.width, y: y)]
        path += isBackward ? sides.reversed() : sides
      }
      path.append(
        Point(
          x: isBackward || isLoop ? to.x + to.width : to.x,
          y: to.y + shapes[edge.to.box].targetY(edge.to.row)))
      return path
    }
    // The last column has room for arrows from a box to itself.
    width = max(x - Self.columnGap / 2, Self.margin) + Self.margin
    height = (order.tops.indices.map { order.tops[$0] + items.heights[$0] }.max() ?? 0)
    height += 2 * Self.margin
  }
}
