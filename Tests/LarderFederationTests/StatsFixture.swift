import Foundation
import Testing

@testable import LarderFederation

/// The statistics of one graph vector's containers, as a real webpack wrote them, trimmed to what
/// is read.
struct StatsFixture: Sendable, CustomTestStringConvertible {
  let release: String
  let graph: String

  var testDescription: String { "\(graph), webpack \(release)" }

  static let graphs = ["5.75", "5.97"].flatMap { release in
    ["G01", "G02", "G03", "G05", "G08", "G09", "G13", "G14"].map {
      StatsFixture(release: release, graph: $0)
    }
  }

  /// The facts of every container of the graph, by name.
  func containers() throws -> [String: ContainerFacts] {
    let all = try JSONSerialization.jsonObject(with: Self.data("graphs-\(release)"))
    let builds = try #require((all as? [String: [String: Any]])?[graph])
    var containers: [String: ContainerFacts] = [:]
    for build in builds.values {
      let json = try JSONSerialization.data(withJSONObject: build)
      for facts in try StatsImporter().containers(in: json) { containers[facts.name] = facts }
    }
    return containers
  }

  static func data(_ name: String) throws -> Data {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Stats"))
    return try Data(contentsOf: url)
  }
}
