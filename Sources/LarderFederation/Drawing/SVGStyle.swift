/// The looks of drawn graphs, for light and for dark paper.
enum SVGStyle {
  /// One style sheet. Colours are repeated, not named: not every viewer knows variables.
  static var text: String {
    """
    text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;\
    dominant-baseline:central}
    .heading{font-size:\(Int(BoxShape.FontSize.heading))px;font-weight:600}\
    .row{font-size:\(Int(BoxShape.FontSize.row))px}\
    .detail,.line,.legend{font-size:\(Int(BoxShape.FontSize.small))px}
    .box{stroke-width:1}.arrow{fill:none;stroke-width:1.2}.lazy{stroke-dasharray:5 4}\
    .arrow.cycle{stroke-width:2.2}
    g:hover>.arrow{stroke-width:3}
    \(colors(.light))
    @media (prefers-color-scheme:dark){
    \(colors(.dark))
    }

    """
  }

  private struct Palette {
    let paper, box, line, ink, faint, fallback, warning, error, cycle: String

    static let light = Palette(
      paper: "#ffffff", box: "#f6f8fa", line: "#6e7781", ink: "#1f2328", faint: "#57606a",
      fallback: "#0969da", warning: "#9a6700", error: "#cf222e", cycle: "#8250df")
    static let dark = Palette(
      paper: "#0d1117", box: "#161b22", line: "#8b949e", ink: "#e6edf3", faint: "#9da7b3",
      fallback: "#58a6ff", warning: "#d29922", error: "#ff7b72", cycle: "#d2a8ff")
  }

  private static func colors(_ palette: Palette) -> String {
    let tones: [(DrawnGraph.Tone, String)] = [
      (.fallback, palette.fallback), (.warning, palette.warning), (.error, palette.error),
      (.cycle, palette.cycle),
    ]
    let plain = """
      .paper{fill:\(palette.paper)}.box{fill:\(palette.box);stroke:\(palette.line)}\
      .heading,.row{fill:\(palette.ink)}.detail,.line,.legend{fill:\(palette.faint)}\
      .arrow{stroke:\(palette.line)}.head{fill:\(palette.line)}
      """
    return plain
      + tones.map { tone, color in
        """

        .box.\(tone.rawValue),.arrow.\(tone.rawValue){stroke:\(color)}\
        .row.\(tone.rawValue),.line.\(tone.rawValue),.head.\(tone.rawValue){fill:\(color)}
        """
      }.joined()
  }
}

/// What the kinds of arrows mean, in one line.
enum SVGLegend {
  private static let entries: [(kind: String, meaning: String)] = [
    ("plain", "needed at once"), ("plain lazy", "behind import()"),
    ("fallback", "a copy of its own"),
    ("warning", "with a warning"), ("error", "fails"), ("cycle", "part of a cycle"),
  ]
  private static let left = 16.0
  private static let step = 128.0

  static let width = left + step * Double(entries.count)

  static func text(y: String) -> String {
    var text = ""
    for (place, entry) in entries.enumerated() {
      let x = Int(left + step * Double(place))
      text += """
        <path class="arrow \(entry.kind)" d="M\(x) \(y)H\(x + 26)"/>\
        <text class="legend" x="\(x + 32)" y="\(y)">\(entry.meaning)</text>

        """
    }
    return text
  }
}
