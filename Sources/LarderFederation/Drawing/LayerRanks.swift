/// In which column each node of a graph stands: one behind the last of those that lead to it.
enum LayerRanks {
  /// Longest paths once each cycle is cut where a search from the first node closes it. Every edge
  /// but one from a node to itself joins different columns. Linear in nodes and edges.
  static func ranks(_ count: Int, edges: [[Int]]) -> [Int] {
    var isOpen = [Bool](repeating: false, count: count)
    var isDone = [Bool](repeating: false, count: count)
    var cut: [Set<Int>] = Array(repeating: [], count: count)
    /// Each behind all that it leads to.
    var order: [Int] = []
    for root in 0..<count where !isDone[root] {
      var path = [(node: root, edge: 0)]
      isOpen[root] = true
      while let (node, edge) = path.last {
        guard edge < edges[node].count else {
          path.removeLast()
          isOpen[node] = false
          isDone[node] = true
          order.append(node)
          continue
        }
        path[path.count - 1].edge += 1
        let target = edges[node][edge]
        if isOpen[target] {
          cut[node].insert(target)
        } else if !isDone[target] {
          isOpen[target] = true
          path.append((target, 0))
        }
      }
    }
    var ranks = [Int](repeating: 0, count: count)
    for node in order.reversed() {
      for target in edges[node] where !cut[node].contains(target) {
        ranks[target] = max(ranks[target], ranks[node] + 1)
      }
    }
    return ranks
  }
}
