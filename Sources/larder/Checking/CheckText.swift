import LarderFederation

/// Findings for people.
enum CheckText {
  static func lines(of findings: [Finding], about containers: [CheckedContainer]) -> String {
    var text = ""
    for finding in findings {
      let target = finding.target.map { " (\($0.rawValue))" } ?? ""
      text += "\(finding.level.rawValue)  \(finding.rule.rawValue)\(target)\n"
      text += "  \(finding.message)\n  \(finding.remedy)\n\n"
    }
    let names = containers.map(\.name).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    let counts = Finding.Level.allCases.reversed().map { level in
      "\(findings.count { $0.level == level }) \(level.rawValue)s"
    }
    return text + "\(names.joined(separator: ", ")): \(counts.joined(separator: ", "))\n"
  }
}
