import LarderCore
import LarderFederation
import LarderRegistry

/// A release as a host session sees it: whole and recorded, or a candidate whose files are on their way.
enum RemoteRelease: Sendable {
  case recorded(RecordedRelease)
  case candidate(Candidate)

  /// The build that suits a host of `target`; nil if the release has none.
  func facts(for target: ContainerTarget) -> ContainerFacts? {
    variants.place(suiting: target).map { variants[$0] }
  }

  /// The digest and size of a file, fetching it first if it is not here.
  ///
  /// - Throws: `notFound` for a path that the build does not have, and what the origin's answer leads to.
  func file(
    _ path: String, target: ContainerTarget, for purpose: FetchPurpose
  ) async throws(ServiceError) -> LocatedFile {
    guard let variant = variants.place(suiting: target) else {
      throw ServiceError(
        .notFound, "no variant of this release is built for \(target.rawValue)", subject: path)
    }
    switch self {
    case .recorded(let release): return try release.file(path, variant: variant)
    case .candidate(let candidate):
      return try await candidate.file(.init(variant: variant, path: path), for: purpose)
    }
  }

  /// The file's blob if it is here; never fetches.
  func present(_ path: String, target: ContainerTarget) async -> BlobStat? {
    guard let variant = variants.place(suiting: target) else { return nil }
    switch self {
    // A path that the build does not have is as absent as one that was not fetched.
    case .recorded(let release): return try? release.file(path, variant: variant).stat
    case .candidate(let candidate):
      return await candidate.present(.init(variant: variant, path: path))
    }
  }

  /// The release's id, once it has one.
  var id: ReleaseID? {
    switch self {
    case .recorded(let release): release.id
    case .candidate: nil
    }
  }

  private var variants: [ContainerFacts] {
    switch self {
    case .recorded(let release): release.variants
    case .candidate(let candidate): candidate.variants.map(\.facts)
    }
  }
}

/// Where a file's bytes are, and what it took to have them.
struct LocatedFile: Sendable {
  let stat: BlobStat
  /// Whether this very request made the daemon ask the origin.
  let fetched: Bool
}

extension [ContainerFacts] {
  /// The place of the variant for `target`. A Node host runs both kinds of Node build, the asynchronous one by preference.
  func place(suiting target: ContainerTarget) -> Int? {
    if let exact = firstIndex(where: { $0.target == target }) { return exact }
    let nodeTargets: [ContainerTarget?] = [.asyncNode, .node]
    guard nodeTargets.contains(target) else { return nil }
    return firstIndex { nodeTargets.contains($0.target) }
  }
}
