import Crypto
import LarderCore
import LarderFederation
import LarderRegistry

extension Service {
  /// The release that a page gets of a remote: the one that `current` points at.
  ///
  /// Where nothing is recorded yet, all of what the origin describes is fetched first: pages name
  /// files by release, and there is none before it is whole.
  /// - Throws: `unknownRemote`; `notFound` where it has no build for pages; what the origin's answer
  ///   leads to.
  package func pageRelease(
    of name: String, for peer: RealmCapability
  ) async throws(ServiceError) -> PageRelease {
    let remote = try remoteName(name)
    let home = try await home(of: remote, for: peer)
    switch try await release(of: remote, in: home) {
    case .recorded(let release):
      return try PageRelease(release, of: name)
    case .candidate(let candidate):
      let row = try await candidates.recording(of: candidate).value.get()
      return try PageRelease(try recorded.decoded(row, in: home), of: name)
    }
  }

  /// The current releases of all remotes that have one for pages, sorted by name. Asks no origin.
  package func pageReleases(
    for peer: RealmCapability
  ) async throws(ServiceError) -> [PageRelease] {
    var releases: [RemoteName: PageRelease] = [:]
    var seen: Set<RemoteName> = []
    for realm in peer.readable {
      for row in try await ServiceError.mapping(await registry.remotes(in: realm))
      where seen.insert(row.name).inserted {
        let current = try await ServiceError.mapping(
          await registry.currentRelease(of: row.name, in: realm))
        guard let current else { continue }
        let release = try recorded.decoded(current, in: realm)
        guard !release.pageVariants.isEmpty else { continue }
        releases[row.name] = try PageRelease(release, of: row.name.description)
      }
    }
    return releases.sorted { $0.key < $1.key }.map(\.value)
  }

  /// A file of a release's build for pages; of several builds the first that has it.
  ///
  /// Files with the runtime in them come with the place of their chunks changed to where they are
  /// loaded from themselves, if the build has one written into it.
  /// - Throws: `notFound` for a release or file that is not here.
  package func pageFile(
    _ path: String, of name: String, release text: String, for peer: RealmCapability
  ) async throws(ServiceError) -> PageFile {
    let remote = try remoteName(name)
    let release = try await pageRelease(text, of: remote, for: peer)
    var missing: ServiceError?
    for variant in release.pageVariants {
      do throws(ServiceError) {
        let stat = try release.file(path, variant: variant).stat
        let facts = release.variants[variant]
        let mediaType = MediaType.of(path)
        guard facts.entry == path || facts.entryPrerequisites.contains(path) else {
          return PageFile(
            content: .stored(stat), digest: stat.digest, source: stat.digest, mediaType: mediaType)
        }
        let source = DerivedFiles.Source(
          digest: stat.digest, path: path, isModule: facts.isModule)
        let derived = try await derivedFile(of: source, for: peer)
        return PageFile(
          content: derived.bytes.map { .derived($0) } ?? .stored(stat), digest: derived.digest,
          source: stat.digest, mediaType: mediaType)
      } catch {
        guard error.code == .notFound else { throw error }
        missing = missing ?? error
      }
    }
    throw missing
      ?? ServiceError(
        .notFound, "release \(text) of '\(remote)' has no build for pages",
        remedy: "build and publish target 'web' as well", subject: path)
  }

  private func pageRelease(
    _ text: String, of remote: RemoteName, for peer: RealmCapability
  ) async throws(ServiceError) -> RecordedRelease {
    if let id = ReleaseID(text) {
      for realm in peer.readable {
        let found = try await recorded.release(id, of: remote, in: realm, from: registry)
        if let found { return found }
      }
    }
    throw ServiceError(
      .notFound, "'\(remote)' has no release \(text.prefix(80))",
      remedy: "reload the page: the release is not kept any more", subject: remote.description)
  }

  private func derivedFile(
    of source: DerivedFiles.Source, for peer: RealmCapability
  ) async throws(ServiceError) -> DerivedFiles.File {
    if let file = derived.file(of: source) { return file }
    let bytes = try await wholeBlob(source.digest, for: peer)
    let file = try await content.compute { () throws(ServiceError) -> DerivedFiles.File in
      let text = String(decoding: bytes, as: UTF8.self)
      let changed = EntryRelocation.relocated(text, path: source.path, isModule: source.isModule)
      guard let changed = changed.map({ Array($0.utf8) }),
        let digest = Digest(Array(SHA256.hash(data: changed)))
      else { return DerivedFiles.File(bytes: nil, digest: source.digest) }
      return DerivedFiles.File(bytes: changed, digest: digest)
    }
    derived.keep(file, of: source)
    return file
  }
}
