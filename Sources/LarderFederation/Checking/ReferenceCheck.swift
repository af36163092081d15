/// What containers import from each other, and what they are called.
struct ReferenceCheck {
  private let containers: [CheckedContainer]

  init(_ containers: [CheckedContainer]) { self.containers = containers }

  func findings() -> [Finding] { containers.flatMap(imports) + equalNames() }

  private func imports(of container: CheckedContainer) -> [Finding] {
    var findings: [Finding] = []
    for remote in container.facts.remotes {
      let names = remote.locations.compactMap(\.remoteName)
      guard let name = names.first else { continue }
      let finding: Finding
      if let other = containers.first(where: { names.contains($0.name) }) {
        guard !other.facts.exposes.contains(where: { $0.name == remote.expose }) else { continue }
        finding = Finding(
          rule: .missingExpose, level: .error, containers: [container.name, other.name],
          subject: remote.expose,
          message:
            "'\(container.name)' imports '\(remote.expose)' of '\(other.name)', which has no such "
            + "module",
          remedy: "expose it in '\(other.name)' again, or change the import")
      } else {
        finding = Finding(
          rule: .uncheckedRemote, level: .note, containers: [container.name], subject: name,
          message: "'\(container.name)' imports from '\(name)', which is not among those checked",
          remedy: "name '\(name)' as well")
      }
      if !findings.contains(finding) { findings.append(finding) }
    }
    return findings
  }

  /// Chunks of both are handed over by one global, by the numbers that each build gave
  /// (webpack#15376).
  private func equalNames() -> [Finding] {
    Dictionary(grouping: containers, by: \.facts.uniqueName).sorted { $0.key < $1.key }
      .filter { $0.value.count > 1 }
      .map { name, containers in
        Finding(
          rule: .equalUniqueNames, level: .warning, containers: containers.map(\.name),
          subject: name,
          message:
            "\(containers.map { "'\($0.name)'" }.joined(separator: " and ")) have the unique name "
            + "'\(name)': on one page each may get chunks of the other",
          remedy: "give each build an \"output.uniqueName\" of its own")
      }
  }
}
