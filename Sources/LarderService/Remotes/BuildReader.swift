import FoundationEssentials
import LarderCore
import LarderFederation
import LarderRegistry

/// Reads the containers of one description, with the help of their entries' text.
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
