import LarderCore

/// Which bytes a host would load once for each of several containers.
struct ByteCheck {
  private let containers: [CheckedContainer]

  init(_ containers: [CheckedContainer]) { self.containers = containers }

  /// One finding for each set of containers that have files in common.
  func findings() -> [Finding] {
    var owners: [Digest: (file: CheckedContainer.File, containers: [String])] = [:]
    for container in containers {
      let shared = ByteCheck.sharedFiles(of: container.facts)
      for file in container.files where ByteCheck.isLoaded(file) && !shared.contains(file.path) {
        var owner = owners[file.digest] ?? (file, [])
        if !owner.containers.contains(container.name) { owner.containers.append(container.name) }
        owners[file.digest] = owner
      }
    }
    let groups = Dictionary(
      grouping: owners.values.filter { $0.containers.count > 1 }, by: \.containers)
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { names, files in
      let bytes = files.reduce(0) { $0 + $1.file.size }
      let largest = files.max { ($0.file.size, $1.file.path) < ($1.file.size, $0.file.path) }
      return Finding(
        rule: .duplicateBytes, level: .note, containers: names, subject: largest?.file.path,
        message:
          "\(names.map { "'\($0)'" }.joined(separator: " and ")) carry \(files.count) equal files, "
          + "\(ByteCount(bytes)): stored once, and run once for each",
        remedy: "share the packages in them; the largest is '\(largest?.file.path ?? "")'")
    }
  }

  /// Files of shared packages: one host loads one container's.
  private static func sharedFiles(of facts: ContainerFacts) -> Set<String> {
    let chunks = Set(
      facts.provides.flatMap(\.chunks) + facts.consumes.flatMap { $0.fallback?.chunks ?? [] })
    return Set(facts.chunks.filter { chunks.contains($0.id) }.flatMap(\.files))
  }

  /// Code and styles; what only tools read does not count.
  private static func isLoaded(_ file: CheckedContainer.File) -> Bool {
    [.script, .style].contains(AssetKind(path: file.path))
  }
}
