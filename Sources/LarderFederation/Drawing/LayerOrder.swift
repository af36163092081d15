/// Orders the items of each column so that arrows cross seldom (barycentres: Sugiyama, Tagawa and
/// Toda, "Methods for visual understanding of hierarchical system structures", 1981), and gives
/// them their heights.
struct LayerOrder {
  /// There and back; more changes little.
  private static let sweepCount = 4

  private let items: LayerItems
  /// Joints by their right and by their left item.
  private var toLeft: [[LayerItems.Joint]]
  private var toRight: [[LayerItems.Joint]]
  private(set) var columns: [[Int]]
  /// The upper side of each item.
  private(set) var tops: [Double]

  init(_ items: LayerItems) {
    self.items = items
    columns = items.columns
    toLeft = Array(repeating: [], count: items.heights.count)
    toRight = toLeft
    for joint in items.joints {
      toLeft[joint.right].append(joint)
      toRight[joint.left].append(joint)
    }
    tops = Array(repeating: 0, count: items.heights.count)
    for column in columns.indices { stack(column) }
    for _ in 0..<Self.sweepCount {
      for column in columns.indices.dropFirst() { sort(column, isRightward: true) }
      for column in columns.indices.dropLast().reversed() { sort(column, isRightward: false) }
    }
    for _ in 0..<Self.sweepCount {
      for column in columns.indices.dropFirst() { settle(column, isRightward: true) }
      for column in columns.indices.dropLast().reversed() { settle(column, isRightward: false) }
    }
    let top = tops.min() ?? 0
    tops = tops.map { ($0 - top).rounded() }
  }

  /// Where an item's joints would have its upper side; nil without any.
  private func wish(_ item: Int, isRightward: Bool) -> Double? {
    let joints = isRightward ? toLeft[item] : toRight[item]
    guard !joints.isEmpty else { return nil }
    let sum = joints.reduce(0) { sum, joint in
      sum
        + (isRightward
          ? tops[joint.left] + joint.leftY - joint.rightY
          : tops[joint.right] + joint.rightY - joint.leftY)
    }
    return sum / Double(joints.count)
  }

  private mutating func sort(_ column: Int, isRightward: Bool) {
    let keyed = columns[column].map { item in
      (item, (wish(item, isRightward: isRightward) ?? tops[item]) + items.heights[item] / 2)
    }
    // By place where equal: the same graph gives the same picture.
    columns[column] = keyed.enumerated().sorted {
      ($0.element.1, $0.offset) < ($1.element.1, $1.offset)
    }.map(\.element.0)
    stack(column)
  }

  /// Puts one below the other, around the middle line.
  private mutating func stack(_ column: Int) {
    var y = 0.0
    var last: Int?
    for item in columns[column] {
      y += last.map { gap($0, item) } ?? 0
      tops[item] = y
      y += items.heights[item]
      last = item
    }
    for item in columns[column] { tops[item] -= y / 2 }
  }

  /// Moves the items as near to where their arrows are as their order and their heights allow: the
  /// least squares under that, by pooling neighbours that would overlap (Barlow and others,
  /// "Statistical inference under order restrictions", 1972).
  private mutating func settle(_ column: Int, isRightward: Bool) {
    var offset = 0.0
    var offsets: [Double] = []
    var pools: [(sum: Double, count: Int)] = []
    var last: Int?
    for item in columns[column] {
      offset += last.map { items.heights[$0] + gap($0, item) } ?? 0
      offsets.append(offset)
      last = item
      pools.append(((wish(item, isRightward: isRightward) ?? tops[item]) - offset, 1))
      while pools.count > 1 {
        let (lower, upper) = (pools[pools.count - 1], pools[pools.count - 2])
        guard upper.sum / Double(upper.count) > lower.sum / Double(lower.count) else { break }
        pools.removeLast()
        pools[pools.count - 1] = (upper.sum + lower.sum, upper.count + lower.count)
      }
    }
    var place = 0
    for pool in pools {
      for _ in 0..<pool.count {
        tops[columns[column][place]] = pool.sum / Double(pool.count) + offsets[place]
        place += 1
      }
    }
  }

  private func gap(_ upper: Int, _ lower: Int) -> Double {
    items.isLane(upper) && items.isLane(lower) ? 4 : 14
  }
}
