/// Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972),
/// without recursion.
enum Components {
  /// The components that hold a cycle: several nodes, or one with an edge to itself. Linear in
  /// nodes and edges.
  static func cyclic(_ count: Int, edges: [[Int]]) -> [[Int]] {
    var search = Search(count, edges)
    for node in 0..<count { search.visit(node) }
    return search.found
  }

  private struct Search {
    let edges: [[Int]]
    var numbers: [Int?]
    var lows: [Int]
    var isOpen: [Bool]
    var open: [Int] = []
    var next = 0
    var found: [[Int]] = []

    init(_ count: Int, _ edges: [[Int]]) {
      self.edges = edges
      numbers = Array(repeating: nil, count: count)
      lows = Array(repeating: 0, count: count)
      isOpen = Array(repeating: false, count: count)
    }

    mutating func visit(_ root: Int) {
      guard numbers[root] == nil else { return }
      var path: [(node: Int, edge: Int)] = []
      begin(root, &path)
      while let (node, edge) = path.last {
        guard edge < edges[node].count else {
          path.removeLast()
          if let parent = path.last?.node { lows[parent] = min(lows[parent], lows[node]) }
          close(node)
          continue
        }
        path[path.count - 1].edge += 1
        let target = edges[node][edge]
        if numbers[target] == nil {
          begin(target, &path)
        } else if isOpen[target] {
          lows[node] = min(lows[node], numbers[target] ?? 0)
        }
      }
    }

    private mutating func begin(_ node: Int, _ path: inout [(node: Int, edge: Int)]) {
      numbers[node] = next
      lows[node] = next
      next += 1
      open.append(node)
      isOpen[node] = true
      path.append((node, 0))
    }

    private mutating func close(_ node: Int) {
      guard lows[node] == numbers[node] else { return }
      var members: [Int] = []
      while let last = open.popLast() {
        isOpen[last] = false
        members.append(last)
        if last == node { break }
      }
      if members.count > 1 || edges[node].contains(node) { found.append(members) }
    }
  }
}
