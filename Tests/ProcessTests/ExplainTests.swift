import Foundation
import LarderFederation
import Testing

@Suite("larder explain")
struct ExplainTests {
  @Test("tells who needs whom, as text, as JSON, for Graphviz and as a picture")
  func forms() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      try FrameCountTests.publishGraph(to: daemon)
      let text = try daemon.larder("explain", "b/B")
      #expect(text.status == 0, "\(text)")
      let lines = text.text.split(separator: "\n").filter { !$0.contains("release") }
      #expect(
        lines.prefix(2) == ["host", "  b ./B"] && lines.contains("    c ./C"), "\(text.text)")

      let plan = try daemon.larder("explain", "b/B", "--json").json(Plan.self)
      #expect(plan.modules?.map(\.expose) == [nil, "./B", "./C"])
      #expect(plan.imports?.map { [$0.from, $0.to] } == [[0, 1], [1, 2]])
      #expect(try daemon.larder("plan", "b/B", "--json").json(Plan.self).modules == nil)

      let file = folder.path("graph.dot")
      #expect(try daemon.larder("explain", "b/B", "--dot", "-o", file).output.isEmpty)
      let dot = try String(contentsOfFile: file, encoding: .utf8)
      #expect(dot.hasPrefix("digraph {\n") && dot.contains("label=\"c ./C\""))
      let svg = try daemon.larder("explain", "b/B", "--svg")
      #expect(svg.status == 0 && svg.text.hasPrefix("<svg ") && svg.text.hasSuffix("</svg>\n"))
      #expect(svg.text.contains(">c ./C</text>"))
    }
  }

  @Test("shows what fails, and exits as a plan does")
  func failures() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      try FrameCountTests.publishGraph(to: daemon)
      let nowhere = try daemon.larder("explain", "b/Nowhere", "b/B")
      #expect(nowhere.status == 66 && nowhere.text.contains("'b' exposes ./B"), "\(nowhere)")
      let unknown = try daemon.larder("explain", "nav/Header", "--dot")
      #expect(unknown.status == 66 && unknown.text.contains("larder remote add nav"), "\(unknown)")
      try Failure.of(["explain", "b/B", "--svg"], daemon).expectCode("badRequest", 64)
      try Failure.of(["explain", "b/B", "-o", "/nowhere/graph"], daemon)
        .expect("notFound", 66, names: "/nowhere/graph")
    }
  }
}
