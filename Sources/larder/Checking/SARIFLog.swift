import LarderCore
import LarderFederation

/// Findings as SARIF 2.1.0 (OASIS, 2020) has them: one run, and a result for each.
struct SARIFLog: Encodable {
  struct Run: Encodable {
    let tool: Tool
    let results: [Result]
  }

  struct Tool: Encodable {
    let driver: Driver
  }

  struct Driver: Encodable {
    let name = "larder check"
    let version = LarderVersion.current
    let rules: [Rule]
  }

  struct Rule: Encodable {
    let id: String
    let shortDescription: Message
  }

  struct Message: Encodable {
    let text: String
  }

  struct Result: Encodable {
    let ruleId: String
    let level: String
    let message: Message
    let locations: [Location]
    /// Tells a finding from others in later runs: what it is about, not how it is worded.
    let partialFingerprints: [String: String]
  }

  struct Location: Encodable {
    let logicalLocations: [LogicalLocation]
  }

  struct LogicalLocation: Encodable {
    let name: String
    let kind = "module"
  }

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  let schema = "https://json.schemastore.org/sarif-2.1.0.json"
  let version = "2.1.0"
  let runs: [Run]

  init(_ findings: [Finding]) {
    let rules = Finding.Rule.allCases.map { rule in
      Rule(id: rule.rawValue, shortDescription: Message(text: rule.summary))
    }
    let results = findings.map { finding in
      Result(
        ruleId: finding.rule.rawValue, level: finding.level.rawValue,
        message: Message(text: "\(finding.message). \(finding.remedy)."),
        locations: finding.containers.map { name in
          Location(logicalLocations: [LogicalLocation(name: name)])
        },
        partialFingerprints: [
          "finding/v1": ([finding.rule.rawValue, finding.subject ?? ""] + finding.containers)
            .joined(separator: "|")
        ])
    }
    runs = [Run(tool: Tool(driver: Driver(rules: rules)), results: results)]
  }
}
