/// A graph as one SVG file that needs nothing else: no script, no font, no other file. Light or
/// dark as its reader prefers; what more there is to say shows where the pointer rests.
package struct SVGText {
  private static let legendHeight = 34.0

  private let graph: DrawnGraph
  private let layout: Layout

  /// Lays out `graph`, whose ports are places in it.
  package init(_ graph: DrawnGraph) {
    self.graph = graph
    layout = Layout(graph)
  }

  /// The document.
  package var text: String {
    let width = number(max(layout.width, SVGLegend.width))
    let height = number(layout.height + Self.legendHeight)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img">
      <title>\(escaped(graph.title))</title>
      <style>\(SVGStyle.text)</style>
      <defs>

      """
    for tone in DrawnGraph.Tone.allCases {
      text += """
        <marker id="\(tone.rawValue)" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" \
        markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head \(tone.rawValue)" d="M0 0L8 4L0 8z"/></marker>

        """
    }
    text += "</defs>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
    for (place, edge) in graph.edges.enumerated() { text += arrow(edge, at: place) }
    for place in graph.boxes.indices { text += box(at: place) }
    for (place, edge) in graph.edges.enumerated() { text += label(edge, at: place) }
    return text + SVGLegend.text(y: number(layout.height + Self.legendHeight / 2)) + "</svg>\n"
  }

  private func arrow(_ edge: DrawnGraph.Edge, at place: Int) -> String {
    let path = layout.paths[place]
    var d = "M\(point(path[0]))"
    for (index, end) in path.enumerated().dropFirst() {
      let start = path[index - 1]
      // Straight along a lane, else a curve that leaves and arrives level.
      d += index.isMultiple(of: 2) ? "L\(point(end))" : curve(start, end)
    }
    let kind = edge.tone.rawValue + (edge.isLazy ? " lazy" : "")
    return """
      <g><title>\(escaped(edge.title))</title><path class="arrow \(kind)" d="\(d)" \
      marker-end="url(#\(edge.tone.rawValue))"/></g>

      """
  }

  private func curve(_ start: Layout.Point, _ end: Layout.Point) -> String {
    let reach = start.x == end.x ? 30 : (end.x - start.x) / 2
    let handles = [
      Layout.Point(x: start.x + reach, y: start.y),
      Layout.Point(x: start.x == end.x ? end.x + reach : end.x - reach, y: end.y),
    ]
    return "C\((handles + [end]).map(point).joined(separator: " "))"
  }

  private func box(at place: Int) -> String {
    let (box, frame, shape) = (graph.boxes[place], layout.frames[place], layout.shapes[place])
    let left = number(frame.x + BoxShape.inset)
    var text = """
      <g><title>\(escaped(box.title))</title><rect class="box \(box.tone.rawValue)" \
      x="\(number(frame.x))" y="\(number(frame.y))" width="\(number(frame.width))" \
      height="\(number(frame.height))" rx="\(box.isSingle ? 12 : 4)"/>\
      <text class="heading" x="\(left)" y="\(number(frame.y + shape.headingY))">\
      \(shown(box.heading))</text>
      """
    if !box.detail.isEmpty {
      text += """
        <text class="detail" x="\(left)" y="\(number(frame.y + shape.detailY))">\
        \(shown(box.detail))</text>
        """
    }
    text += "</g>\n"
    for (row, y) in zip(box.rows, shape.rowYs) {
      text += """
        <g><title>\(escaped(row.title))</title><text class="row \(row.tone.rawValue)" \
        x="\(left)" y="\(number(frame.y + y))">\(shown(row.label))</text></g>

        """
    }
    return text
  }

  private func label(_ edge: DrawnGraph.Edge, at place: Int) -> String {
    let (frame, y) = (layout.frames[edge.from.box], layout.paths[place][0].y)
    return """
      <g><title>\(escaped(edge.title))</title><text class="line \(edge.tone.rawValue)" \
      x="\(number(frame.x + BoxShape.lineInset))" y="\(number(y))">\(shown(edge.label))</text></g>

      """
  }

  // MARK: - Text

  private func shown(_ text: String) -> String { escaped(BoxShape.shown(text)) }

  private func escaped(_ text: String) -> String {
    var escaped: [UInt8] = []
    for byte in VisibleText.lines(text).utf8 {
      switch byte {
      case UInt8(ascii: "&"): escaped += "&amp;".utf8
      case UInt8(ascii: "<"): escaped += "&lt;".utf8
      case UInt8(ascii: ">"): escaped += "&gt;".utf8
      case UInt8(ascii: "\""): escaped += "&quot;".utf8
      default: escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  private func point(_ point: Layout.Point) -> String { "\(number(point.x)) \(number(point.y))" }

  private func number(_ length: Double) -> String { String(Int(length.rounded())) }
}
