/// A graph in the language of Graphviz (https://graphviz.org/doc/info/lang.html), for its `dot`.
package struct DOTText {
  private let graph: DrawnGraph

  /// Keeps `graph` as it is.
  package init(_ graph: DrawnGraph) { self.graph = graph }

  /// One `digraph` with a cluster for each box that has rows.
  package var text: String {
    var text = """
      digraph {
        graph [rankdir=LR, tooltip=\(quoted(graph.title)), fontname="sans-serif", color="#8c959f"]
        node [shape=box, fontname="sans-serif", color="#57606a"]
        edge [fontname="sans-serif", fontsize=9]

      """
    for (place, box) in graph.boxes.enumerated() { text += lines(box, at: place) }
    for edge in graph.edges { text += line(edge) }
    return text + "}\n"
  }

  private func lines(_ box: DrawnGraph.Box, at place: Int) -> String {
    let label = box.detail.isEmpty ? box.heading : "\(box.heading)\n\(box.detail)"
    let about = "label=\(quoted(label)), tooltip=\(quoted(box.title))"
    guard !box.rows.isEmpty else {
      let style = box.isSingle ? "rounded" : "solid"
      return "  b\(place) [\(about), style=\(style)\(color(box.tone))]\n"
    }
    var text = "  subgraph cluster_\(place) {\n    graph [\(about)\(color(box.tone))]\n"
    // Arrows of the container itself, which Graphviz cannot tie to a cluster.
    if graph.edges.contains(where: { [$0.from, $0.to].contains(.init(box: place, row: nil)) }) {
      text += "    b\(place) [label=\"\", shape=point, tooltip=\(quoted(box.heading))]\n"
    }
    for (row, each) in box.rows.enumerated() {
      text += "    \(name(.init(box: place, row: row)))"
      text += " [label=\(quoted(each.label)), tooltip=\(quoted(each.title))\(color(each.tone))]\n"
    }
    return text + "  }\n"
  }

  private func line(_ edge: DrawnGraph.Edge) -> String {
    "  \(name(edge.from)) -> \(name(edge.to)) [label=\(quoted(edge.label)),"
      + " tooltip=\(quoted(edge.title)), style=\(edge.isLazy ? "dashed" : "solid")"
      + "\(color(edge.tone))]\n"
  }

  private func name(_ port: DrawnGraph.Port) -> String {
    port.row.map { "b\(port.box)r\($0)" } ?? "b\(port.box)"
  }

  private func color(_ tone: DrawnGraph.Tone) -> String {
    switch tone {
    case .plain: ""
    case .fallback: ", color=\"#0969da\""
    case .warning: ", color=\"#bf8700\""
    case .error: ", color=\"#cf222e\""
    case .cycle: ", color=\"#8250df\""
    }
  }

  /// A string of the language: only quotes and backslashes mean something in it, and a line break
  /// is written as one.
  private func quoted(_ text: String) -> String {
    let escaped = VisibleText.lines(text).replacing("\\", with: "\\\\")
      .replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }
}
