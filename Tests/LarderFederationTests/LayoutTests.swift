import Testing

@testable import LarderFederation

@Suite("The layout of a graph")
struct LayoutTests {
  /// Boxes that lead to each other at random, in circles and to themselves too.
  static func graph(
    _ generator: inout SeededGenerator, boxes: Int, edges: Int
  ) -> DrawnGraph {
    var graph = DrawnGraph(title: "random")
    for box in 0..<boxes {
      let rows = (0..<generator.below(4)).map {
        DrawnGraph.Row(label: "./Row\($0)", title: "", tone: .plain)
      }
      graph.boxes.append(
        .init(
          heading: String(repeating: "n", count: generator.below(80)), detail: "\(box)", title: "",
          tone: .plain, isSingle: rows.isEmpty, rows: rows))
    }
    func port() -> DrawnGraph.Port {
      let box = generator.below(boxes)
      let rows = graph.boxes[box].rows.count
      return .init(box: box, row: rows == 0 ? nil : generator.below(rows))
    }
    graph.edges = (0..<edges).map {
      .init(
        from: port(), to: port(), label: "edge \($0)", title: "", tone: .plain,
        isLazy: generator.coin())
    }
    return graph
  }

  @Test(
    "sets no box upon another, ends each arrow at its boxes, and leads none through a third",
    arguments: 0..<150 as Range<UInt64>)
  func random(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let graph = Self.graph(
      &generator, boxes: 1 + generator.below(40), edges: generator.below(120))
    let layout = Layout(graph)
    let frames = layout.frames
    #expect(frames.count == graph.boxes.count && layout.paths.count == graph.edges.count)
    for (place, frame) in frames.enumerated() {
      #expect(frame.x >= 0 && frame.y >= 0)
      #expect(frame.x + frame.width <= layout.width && frame.y + frame.height <= layout.height)
      for other in frames[..<place] { #expect(!overlap(frame, other)) }
    }
    for (edge, path) in zip(graph.edges, layout.paths) {
      #expect(isAtSide(path[0], of: frames[edge.from.box]))
      #expect(isAtSide(path[path.count - 1], of: frames[edge.to.box]))
      #expect(path.count.isMultiple(of: 2))
      for start in stride(from: 1, to: path.count - 1, by: 2) {
        let (left, right) = (
          min(path[start].x, path[start + 1].x), max(path[start].x, path[start + 1].x)
        )
        #expect(path[start].y == path[start + 1].y)
        let line = Layout.Frame(x: left, y: path[start].y, width: right - left, height: 0)
        #expect(!frames.contains { overlap($0, line) })
      }
      // What a curve joins lies on either side of a gap between columns.
      for start in stride(from: 0, to: path.count - 1, by: 2) where edge.from.box != edge.to.box {
        let (left, right) = (
          min(path[start].x, path[start + 1].x), max(path[start].x, path[start + 1].x)
        )
        #expect(!frames.contains { $0.x < right && $0.x + $0.width > left })
      }
    }
    let again = Layout(graph)
    #expect(again.frames == layout.frames && again.paths == layout.paths)
  }

  private func overlap(_ a: Layout.Frame, _ b: Layout.Frame) -> Bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
  }

  private func isAtSide(_ point: Layout.Point, of frame: Layout.Frame) -> Bool {
    (point.x == frame.x || point.x == frame.x + frame.width)
      && point.y > frame.y && point.y < frame.y + frame.height
  }

  @Test("has room for every line of a box, one below the other")
  func lines() {
    var generator = SeededGenerator(seed: 1)
    let graph = Self.graph(&generator, boxes: 12, edges: 60)
    let layout = Layout(graph)
    for (box, shape) in layout.shapes.enumerated() {
      let heights = [shape.headingY, shape.detailY] + shape.rowYs + shape.lineYs.values
      #expect(Set(heights).count == heights.count)
      #expect(heights.allSatisfy { $0 > 0 && $0 < shape.height })
      let labels = graph.edges.filter { $0.from.box == box }.map(\.label)
      #expect(shape.lineYs.count == labels.count)
      for label in labels {
        #expect(TextWidth.of(label, fontSize: 10) + BoxShape.lineInset < layout.frames[box].width)
      }
    }
  }

  @Test("leads from left to right but for what closes a cycle")
  func direction() {
    var graph = DrawnGraph(title: "")
    for name in ["a", "b", "c"] {
      graph.boxes.append(.init(heading: name, detail: "", title: "", tone: .plain, isSingle: true))
    }
    func edge(_ from: Int, _ to: Int) -> DrawnGraph.Edge {
      .init(
        from: .init(box: from, row: nil), to: .init(box: to, row: nil), label: "", title: "",
        tone: .plain, isLazy: false)
    }
    graph.edges = [edge(0, 1), edge(0, 2), edge(1, 2), edge(2, 1)]
    let layout = Layout(graph)
    let x = layout.frames.map(\.x)
    #expect(x[0] < x[1] && x[1] < x[2])
    #expect(layout.paths[3][0].x > layout.paths[3][1].x)
    // The arrow past the second column has a lane there.
    #expect(layout.paths.map(\.count) == [2, 4, 2, 2])
  }

  @Test("takes a chain that is longer than any stack, and arrows past all of it")
  func chain() {
    var graph = DrawnGraph(title: "")
    let count = Plan.explainedModulesMax
    for box in 0..<count {
      graph.boxes.append(
        .init(heading: "\(box)", detail: "", title: "", tone: .plain, isSingle: true))
    }
    for box in 1..<count {
      for from in [0, box - 1] {
        graph.edges.append(
          .init(
            from: .init(box: from, row: nil), to: .init(box: box, row: nil), label: "", title: "",
            tone: .plain, isLazy: false))
      }
    }
    let layout = Layout(graph)
    #expect(zip(layout.frames, layout.frames.dropFirst()).allSatisfy { $0.x < $1.x })
    #expect(layout.paths.map(\.count).max() == 2 + 2 * LayerItems.laneColumnsMax)
  }

  @Test("of nothing is empty")
  func empty() {
    let layout = Layout(DrawnGraph(title: ""))
    #expect(layout.frames.isEmpty && layout.width > 0 && layout.height > 0)
  }
}
