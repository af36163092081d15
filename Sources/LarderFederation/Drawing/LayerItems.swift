/// What stands in the columns of a layered drawing: boxes, and lanes on which arrows pass those
/// between.
struct LayerItems {
  /// Two items of neighbouring columns that an arrow joins, and at which height within them.
  struct Joint {
    let left: Int
    let leftY: Double
    let right: Int
    let rightY: Double
  }

  private struct Lane: Hashable {
    let target: DrawnGraph.Port
    let column: Int
    let isBackward: Bool
  }

  /// How many columns an arrow passes on lanes; one that is longer goes straight. Nobody follows a
  /// line behind so many, and lanes take room in each.
  static let laneColumnsMax = 32
  static let laneHeight = 4.0

  /// By column, top to bottom. The boxes are the first items, in their order.
  var columns: [[Int]]
  let boxCount: Int
  private(set) var heights: [Double]
  private(set) var joints: [Joint] = []
  /// The lanes of each arrow, in its direction.
  private(set) var lanes: [[Int]]
  /// The columns of items.
  private(set) var ranks: [Int]
  private var places: [Lane: Int] = [:]

  /// All arrows to one target share the lanes that lead to it.
  init(_ graph: DrawnGraph, _ shapes: [BoxShape]) {
    var edges = [[Int]](repeating: [], count: graph.boxes.count)
    for edge in graph.edges where edge.from.box != edge.to.box {
      edges[edge.from.box].append(edge.to.box)
    }
    ranks = LayerRanks.ranks(graph.boxes.count, edges: edges)
    boxCount = graph.boxes.count
    heights = shapes.map(\.height)
    columns = Array(repeating: [], count: (ranks.max() ?? -1) + 1)
    lanes = Array(repeating: [], count: graph.edges.count)
    for box in graph.boxes.indices { columns[ranks[box]].append(box) }
    for (place, edge) in graph.edges.enumerated() {
      route(edge, at: place, shapes)
    }
  }

  func isLane(_ item: Int) -> Bool { item >= boxCount }

  private mutating func route(_ edge: DrawnGraph.Edge, at place: Int, _ shapes: [BoxShape]) {
    let (from, to) = (ranks[edge.from.box], ranks[edge.to.box])
    guard abs(to - from) <= Self.laneColumnsMax + 1, from != to else { return }
    let step = to > from ? 1 : -1
    var last = (item: edge.from.box, y: shapes[edge.from.box].lineYs[place] ?? 0)
    for column in stride(from: from + step, to: to, by: step) {
      let lane = lane(Lane(target: edge.to, column: column, isBackward: step < 0))
      lanes[place].append(lane)
      join(last, (lane, Self.laneHeight / 2), step)
      last = (lane, Self.laneHeight / 2)
    }
    join(last, (edge.to.box, shapes[edge.to.box].targetY(edge.to.row)), step)
  }

  private mutating func join(
    _ first: (item: Int, y: Double), _ second: (item: Int, y: Double), _ step: Int
  ) {
    let (left, right) = step > 0 ? (first, second) : (second, first)
    joints.append(Joint(left: left.item, leftY: left.y, right: right.item, rightY: right.y))
  }

  private mutating func lane(_ lane: Lane) -> Int {
    if let place = places[lane] { return place }
    let place = heights.count
    places[lane] = place
    heights.append(Self.laneHeight)
    ranks.append(lane.column)
    columns[lane.column].append(place)
    return place
  }
}
