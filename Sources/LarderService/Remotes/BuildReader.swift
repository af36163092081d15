import FoundationEssentials
import LarderCore
import LarderFederation
import LarderRegistry

/// Reads the containers of one description, with the help of their entries' text, or of one entry
/// without a description.
struct BuildReader {
  /// What the description is of, for error messages: a URL or a remote's name.
  let subject: String
  let content: Content

  /// A description of a large application has some 20 MiB; its JSON takes ten times that while it
  /// is read. Entries are far smaller.
  static let textSizeMax = ByteCount.mebibytes(64)

  /// The containers that `json` describes.
  ///
  /// Runs the importer twice, on a worker: the first pass names the entries, whose text the second
  /// one looks into.
  /// - Parameters:
  ///   - remote: where one compilation holds several containers, the one of this name is meant.
  ///   - entry: gives an entry's bytes by its path.
  /// - Throws: `invalidBuild`, `tooLarge`, and what `entry` throws.
  func builds(
    in json: [UInt8], of remote: String?,
    entry: (AssetFacts) async throws(ServiceError) -> [UInt8]
  ) async throws(ServiceError) -> [ContainerFacts] {
    var texts: [String: String] = [:]
    for facts in try await containers(in: json, texts: [:]) where texts[facts.entry] == nil {
      let asset = facts.assets.first { $0.name == facts.entry }
      let bytes = try await entry(asset ?? AssetFacts(name: facts.entry, size: nil))
      texts[facts.entry] = String(decoding: bytes, as: UTF8.self)
    }
    let found = try await containers(in: json, texts: texts)
    let named = found.filter { $0.name == remote }
    return named.isEmpty ? found : named
  }

  /// The container whose entry is at `path`, by its code and that of all files that it leads to.
  ///
  /// - Parameters:
  ///   - paths: the files of the build where they are known; empty where `file` has to be asked.
  ///   - remote: its name, where the code has none.
  ///   - file: gives the bytes of a file; nil for one that is not there.
  /// - Throws: `invalidBuild`, `tooLarge`, and what `file` throws.
  func build(
    at path: String, paths: Set<String>, of remote: String?,
    file: (String) async throws(ServiceError) -> [UInt8]?
  ) async throws(ServiceError) -> ContainerFacts {
    var texts: [String: String] = [:]
    var wanted = [path]
    var scan: AssetScan?
    // What the importer asks for besides the entry is the runtime, if that has a file of its own.
    while let next = wanted.popLast() {
      if let bytes = try await file(next) { texts[next] = String(decoding: bytes, as: UTF8.self) }
      guard wanted.isEmpty else { continue }
      let known = texts
      let attempt = try await content.compute { () throws(ServiceError) in
        try attemptScan(at: path, paths: paths, texts: known)
      }
      scan = attempt.scan
      wanted = attempt.wanted.filter { paths.contains($0) && known[$0] == nil }
    }
    guard var scan else {
      throw ServiceError(.internal, "nothing was read of '\(path)'", subject: path)
    }
    while let next = scan.next() {
      let isText = [.script, .style].contains(AssetKind(path: next))
      if !isText, !paths.isEmpty {
        if !paths.contains(next) { scan.miss(next) }
        continue
      }
      guard let bytes = try await file(next) else {
        scan.miss(next)
        continue
      }
      guard isText else { continue }
      let before = scan
      scan = try await content.compute { () throws(ServiceError) in
        var after = before
        after.read(next, String(decoding: bytes, as: UTF8.self))
        return after
      }
    }
    var facts = scan.outcome()
    if let remote, facts.reading?.unknown.contains(where: { $0.fact == .name }) == true {
      facts.name = remote
    }
    return facts
  }

  private struct ScanAttempt: Sendable {
    let scan: AssetScan
    /// What was asked for and not at hand.
    let wanted: [String]
  }

  private func attemptScan(
    at path: String, paths: Set<String>, texts: [String: String]
  ) throws(ServiceError) -> ScanAttempt {
    var wanted: [String] = []
    let importer = EntryImporter(paths: { paths.sorted() }) { name in
      if texts[name] == nil { wanted.append(name) }
      return texts[name]
    }
    do {
      return ScanAttempt(scan: try importer.scan(at: path), wanted: wanted)
    } catch {
      let code: ServiceError.Code = error.kind == .tooLarge ? .tooLarge : .invalidBuild
      throw ServiceError(
        code, "\(subject): \(error.message)", remedy: error.remedy, subject: subject)
    }
  }

  private func containers(
    in json: [UInt8], texts: [String: String]
  ) async throws(ServiceError) -> [ContainerFacts] {
    let subject = subject
    return try await content.compute { () throws(ServiceError) in
      do throws(StatsError) {
        return try StatsImporter(entryText: { texts[$0] }).containers(in: Data(json))
      } catch {
        let code: ServiceError.Code = error.kind == .tooLarge ? .tooLarge : .invalidBuild
        throw ServiceError(
          code, "\(subject): \(error.message)", remedy: error.remedy, subject: subject)
      }
    }
  }
}
