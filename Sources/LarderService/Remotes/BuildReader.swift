import FoundationEssentials
import LarderCore
import LarderFederation
import LarderRegistry

/// Reads the containers of one description, with the help of their entries' text.
struct BuildReader {
  /// What the description is of, for error messages: a URL or a remote's name.
  let subject: String

  /// The containers that `json` describes.
  ///
  /// Runs the importer twice: the first pass names the entries, whose text the second one looks into.
  /// - Parameters:
  ///   - remote: where one compilation holds several containers, the one of this name is meant.
  ///   - entry: gives an entry's bytes by its path.
  /// - Throws: `invalidBuild`, `tooLarge`, and what `entry` throws.
  func builds(
    in json: [UInt8], of remote: String?,
    entry: (String) async throws(ServiceError) -> [UInt8]
  ) async throws(ServiceError) -> [ContainerFacts] {
    let json = Data(json)
    var texts: [String: String] = [:]
    for facts in try containers(in: json, texts: [:]) where texts[facts.entry] == nil {
      let bytes = try await entry(facts.entry)
      texts[facts.entry] = String(decoding: bytes, as: UTF8.self)
    }
    let found = try containers(in: json, texts: texts)
    let named = found.filter { $0.name == remote }
    return named.isEmpty ? found : named
  }

  private func containers(
    in json: Data, texts: [String: String]
  ) throws(ServiceError) -> [ContainerFacts] {
    do {
      return try StatsImporter(entryText: { texts[$0] }).containers(in: json)
    } catch {
      let code: ServiceError.Code = error.kind == .tooLarge ? .tooLarge : .invalidBuild
      throw ServiceError(
        code, "\(subject): \(error.message)", remedy: error.remedy, subject: subject)
    }
  }
}
