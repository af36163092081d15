import Testing

@testable import LarderFederation

@Suite("Components of graphs")
struct ComponentsTests {
  @Test("Knots are found, trees and diamonds are none")
  func knots() {
    let edges = [[1, 2], [3], [3], [4], [], [6], [5], [7], []]
    #expect(Components.cyclic(9, edges: edges).map { $0.sorted() } == [[5, 6], [7]])
  }

  @Test("A knot that closes through a finished branch is one knot")
  func crossEdge() {
    // 0 -> 1 -> 0, 0 -> 2 -> 1: node 2 is met after 1 was left.
    #expect(Components.cyclic(3, edges: [[1, 2], [0], [1]]).map { $0.sorted() } == [[0, 1, 2]])
  }

  @Test(
    "Two nodes share a knot exactly when each reaches the other", arguments: 0..<32 as Range<UInt64>
  )
  func reachability(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = 1 + generator.below(9)
    let edges = (0..<count).map { _ in (0..<generator.below(4)).map { _ in generator.below(count) }
    }
    func reaches(_ start: Int, _ end: Int) -> Bool {
      var seen: Set<Int> = []
      var pending = edges[start]
      while let node = pending.popLast() {
        if seen.insert(node).inserted { pending += edges[node] }
      }
      return seen.contains(end)
    }
    let knots = Components.cyclic(count, edges: edges)
    for left in 0..<count {
      for right in 0..<count {
        let together = knots.contains { $0.contains(left) && $0.contains(right) }
        #expect(together == (reaches(left, right) && reaches(right, left)), "seed \(seed)")
      }
    }
  }
}
