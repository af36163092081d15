import Foundation
import Testing

@Suite("Dashboards and alerts")
struct MetricTests {
  private static let files = ["config/alerts.yaml", "config/grafana-dashboard.json"]

  /// What docs/metrics.md has a row for, with its type.
  private static func documented() throws -> [String: String] {
    let rows = try SourceTree.text("docs/metrics.md").matches(
      of: #/(?m)^\| `(larder_\w+)` \| (\w+) \|/#)
    return Dictionary(uniqueKeysWithValues: rows.map { (String($0.1), String($0.2)) })
  }

  @Test("ask only for metrics that docs/metrics.md documents, as what they are", arguments: files)
  func names(_ path: String) throws {
    let documented = try Self.documented()
    let text = try SourceTree.text(path)
    let named = text.matches(of: #/larder_[a-z_]+/#)
    #expect(named.count > 10)
    for match in named {
      let name = String(match.0)
      if let type = documented[name] {
        #expect(type != "histogram", "\(path) asks for \(name), whose series have other names")
        continue
      }
      let family = name.replacing(#/_(bucket|sum|count)$/#, with: "")
      #expect(documented[family] == "histogram", "\(path) asks for \(name)")
    }
    // How fast a level changes says nothing; how high a count is, next to nothing.
    for match in text.matches(of: #/(?:rate|increase)\((larder_[a-z_]+)/#) {
      #expect(
        !match.1.hasSuffix("_seconds") && documented[String(match.1)] != "gauge", "\(match.0)")
    }
  }

  @Test("have panels in rows that do not cover each other, and each has a query")
  func dashboard() throws {
    let data = Data(try SourceTree.text("config/grafana-dashboard.json").utf8)
    let dashboard = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let panels = try #require(dashboard["panels"] as? [[String: Any]])
    #expect(panels.count > 20)
    #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
    var taken: Set<[Int]> = []
    for panel in panels {
      let place = try #require(panel["gridPos"] as? [String: Int])
      let (x, y) = (try #require(place["x"]), try #require(place["y"]))
      let (width, height) = (try #require(place["w"]), try #require(place["h"]))
      for column in x..<x + width {
        for line in y..<y + height {
          #expect(column < 24 && taken.insert([column, line]).inserted, "\(panel["title"] ?? "")")
        }
      }
      guard panel["type"] as? String != "row" else { continue }
      let targets = panel["targets"] as? [[String: Any]] ?? []
      #expect(!targets.isEmpty && targets.allSatisfy { ($0["expr"] as? String)?.isEmpty == false })
    }
  }

  @Test("say of each alert how bad it is, what is wrong and where to look")
  func alerts() throws {
    let text = try SourceTree.text("config/alerts.yaml")
    let rules = text.components(separatedBy: "- alert: ").dropFirst()
    #expect(rules.count >= 10)
    for rule in rules {
      let name = rule.prefix { $0 != "\n" }
      for part in ["\n        expr: ", "summary: ", "description: "] {
        #expect(rule.contains(part), "\(name) has no \(part)")
      }
      #expect(rule.contains(#/severity: (page|warn)\}/#), "\(name)")
    }
  }
}
