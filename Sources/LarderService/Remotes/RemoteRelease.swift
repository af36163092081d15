import LarderCore
import LarderFederation
import LarderRegistry

/// A release as a host session sees it: whole and recorded, or a candidate whose files are on their
/// way.
enum RemoteRelease: Sendable {
  case recorded(RecordedRelease)
  case candidate(Candidate)

  /// The build that suits a host of `target`; nil if the release has none.
  func facts(for target: ContainerTarget) -> ContainerFacts? {
    let variants =
      switch self {
      case .recorded(let release): release.variants
      case .candidate(let candidate): candidate.variants.map(\.facts)
      }
    return variants.place(suiting: target).map { variants[$0] }
  }

  /// The digest and size of a file, fetching it first if it is not here.
  ///
  /// - Throws: `notFound` for a path that the build does not have, and what the origin's answer
  ///   leads to.
  func file(
    _ path: String, target: ContainerTarget, for purpose: FetchPurpose
  ) async throws(ServiceError) -> LocatedFile {
    switch self {
    case .recorded(let release): try release.file(path, target: target)
    case .candidate(let candidate):
      try await candidate.file(candidate.place(of: path, target: target), for: purpose)
    }
  }

  /// Whether it is whole and stays as it is.
  var isRecorded: Bool {
    switch self {
    case .recorded: true
    case .candidate: false
    }
  }

  /// Where the remote is registered.
  var realm: RealmID {
    switch self {
    case .recorded(let release): release.realm
    case .candidate(let candidate): candidate.realm
    }
  }

  /// The release's id, once it has one.
  var id: ReleaseID? {
    switch self {
    case .recorded(let release): release.id
    case .candidate: nil
    }
  }
}

extension RecordedRelease {
  /// - Throws: `notFound` for a path that the build for `target` does not have.
  func file(_ path: String, target: ContainerTarget) throws(ServiceError) -> LocatedFile {
    try file(path, variant: variants.place(of: path, suiting: target))
  }
}

extension Candidate {
  /// - Throws: `notFound` if the deploy has no build for `target`.
  nonisolated func place(
    of path: String, target: ContainerTarget
  ) throws(ServiceError) -> Place {
    Place(variant: try variants.map(\.facts).place(of: path, suiting: target), path: path)
  }
}

extension [ContainerFacts] {
  /// The place of the variant for `target`. A Node host runs both kinds of Node build, and a page
  /// scripts and modules; each what it is by preference.
  func place(suiting target: ContainerTarget) -> Int? {
    if let exact = firstIndex(where: { $0.target == target }) { return exact }
    let alike: [[ContainerTarget]] = [[.asyncNode, .node], [.web, .module]]
    guard let targets = alike.first(where: { $0.contains(target) }) else { return nil }
    return firstIndex { $0.target.map(targets.contains) == true }
  }

  fileprivate func place(
    of path: String, suiting target: ContainerTarget
  ) throws(ServiceError) -> Int {
    guard let variant = place(suiting: target) else {
      throw ServiceError(
        .notFound, "no variant of this release is built for \(target.rawValue)", subject: path)
    }
    return variant
  }
}
