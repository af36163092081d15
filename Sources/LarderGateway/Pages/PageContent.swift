import Crypto
import FoundationEssentials
import HTTPTypes
import LarderCoding
import LarderCore
import LarderFederation
import LarderService

/// What each route leads to: calls of the service, whose answers become representations.
struct PageContent: Sendable {
  /// What is copied for an answer at once: a stored piece, so that all answers are bounded alike.
  static let pieceBytesMax = 1 << 20

  /// What is read at once of a file that is larger: the longest chunk of a file that is cut, so that
  /// most are decoded once.
  static let partBytesMax = 256 << 10

  /// What a connection is given at once, without a copy: the next is asked for when there is room, so
  /// that a peer that does not read holds one piece and not several.
  static let writeBytesMax = 64 << 10

  let service: Service
  let peer: RealmCapability
  let overrides: Overrides
  let compresses: Bool
  /// Nil for all of the realm, as it is here.
  var scope: SiteScope?
  let library = Library()

  /// - Parameters:
  ///   - base: the gateway's URL as the caller wrote it, which ends in `/`.
  ///   - codings: what the caller accepts, best first.
  /// - Throws: what the service refuses; a refusal for a file that the library does not have.
  func representation(
    of route: Route, base: String, accepting codings: [ContentCoding]
  ) async throws(Refusal) -> Representation {
    let plain = try await representation(of: route, base: base)
    guard compresses, plain.isCodable else { return plain }
    guard let coding = codings.first else { return plain.coded(nil) }
    let encoded: EncodedContent =
      switch plain.content {
      case .bytes(let bytes): await service.encoded(bytes, plain.digest, as: coding, for: peer)
      case .blob(let stat): await service.encoded(stat, as: coding, for: peer)
      }
    switch encoded {
    case .plain: return plain.coded(nil)
    case .bytes(let bytes, let digest): return plain.coded((.bytes(bytes), digest, coding))
    case .stored(let stat): return plain.coded((.blob(stat), stat.digest, coding))
    }
  }

  private func representation(of route: Route, base: String) async throws(Refusal) -> Representation
  {
    if let scope {
      guard scope.shows(route) else { throw Refusal.notFound }
      if let remote = route.pointer {
        await service.revalidate(remote, within: scope.freshness, for: peer)
      }
    }
    do {
      switch route {
      case .shim(let remote): return try await entry(of: remote)
      case .manifest(let remote): return try await manifest(of: remote, base: base)
      case .file(let remote, let release, let path):
        return try await file(path, of: remote, release)
      case .blob(let digest): return try blob(digest)
      case .plan(let remote, let expose, let target):
        return try await plan(remote, expose, target)
      case .importMap:
        let map = ImportMap(
          try await service.pageReleases(for: peer).filter { isShown($0.remote) }, base: base)
        return try pointer(
          json(map), type: "application/importmap+json", phase: "releases")
      case .library(let path):
        guard let file = library.files[path] else { throw Refusal.notFound }
        return Representation(
          .bytes(file.bytes), file.digest, type: "text/javascript", lifetime: .pointer,
          phase: "library")
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as ServiceError {
      throw Refusal(error)
    } catch {
      throw Refusal(.internalServerError, .internal, "the answer cannot be written: \(error)")
    }
  }

  /// The bytes from `place` on, as many as are sent at once, up to `end`.
  func piece(
    of content: Representation.Content, from place: Int64, before end: Int64
  ) async throws -> ArraySlice<UInt8> {
    switch content {
    case .bytes(let bytes):
      bytes[Int(place)..<Int(min(place + Int64(Self.pieceBytesMax), end))]
    case .blob(let stat):
      try await service.piece(of: stat.digest, from: place, before: end, for: peer)[...]
    }
  }

  private func entry(of remote: String) async throws -> Representation {
    let live = try await overrides.entries()[remote]
    let release: PageRelease
    do {
      release = try await service.pageRelease(of: remote, for: peer)
    } catch {
      guard let live else { throw error }
      let script = try RemoteEntry(remote, live: live).script(calling: library.entry)
      return try pointer(script, type: "text/javascript", phase: "release")
    }
    let others = await remotesHere(of: release)
    let entry = RemoteEntry(release, live: live, others: others)
    let script = try pointer(
      try entry.script(calling: library.entry), type: "text/javascript", phase: "release")
    return live == nil ? script.leading(to: entry.scripts, asModules: entry.module) : script
  }

  private func isShown(_ remote: String) -> Bool { scope?.remotes.contains(remote) != false }

  private func manifest(of remote: String, base: String) async throws -> Representation {
    let release = try await service.pageRelease(of: remote, for: peer)
    let manifest = RemoteManifest(release, base: base, others: await remotesHere(of: release))
    return try pointer(json(manifest), type: "application/json", phase: "release")
  }

  /// Of the remotes of a remote those that are to be had here; the others the build looks for itself.
  private func remotesHere(of release: PageRelease) async -> Set<String> {
    var found: Set<String> = []
    for name in release.remotes where name != release.remote && isShown(name) {
      // Why one is not to be had, who asks for it is told.
      if (try? await service.pageRelease(of: name, for: peer)) != nil { found.insert(name) }
    }
    return found
  }

  private func file(
    _ path: String, of remote: String, _ release: String
  ) async throws -> Representation {
    let file = try await service.pageFile(path, of: remote, release: release, for: peer)
    let content: Representation.Content =
      switch file.content {
      case .stored(let stat): .blob(stat)
      case .derived(let bytes): .bytes(bytes)
      }
    return Representation(
      content, file.digest, type: file.mediaType, lifetime: .content, phase: "file",
      source: file.source)
  }

  private func blob(_ digest: LarderCore.Digest) throws -> Representation {
    guard let stat = service.stat(digest, for: peer) else {
      throw ServiceError(
        .notFound, "blob \(digest) is not here", remedy: "PUT it through the daemon's socket")
    }
    return Representation(
      .blob(stat), digest, type: "application/octet-stream", lifetime: .content, phase: "blob")
  }

  /// A plan of whole releases: what it names can be loaded by release.
  private func plan(
    _ remote: String, _ expose: String, _ target: ContainerTarget
  ) async throws -> Representation {
    _ = try await service.pageRelease(of: remote, for: peer)
    var plan = try await made(remote, expose, target)
    let unrecorded = plan.containers.filter { $0.release == nil }.map(\.name)
    if !unrecorded.isEmpty {
      for name in unrecorded {
        // What cannot be had stays an error of the plan.
        _ = try? await service.pageRelease(of: name, for: peer)
      }
      plan = try await made(remote, expose, target)
    }
    let live = try await overrides.entries()
    for index in plan.containers.indices {
      plan.containers[index].live = live[plan.containers[index].name]
    }
    return try pointer(json(plan), type: "application/json", phase: "plan")
  }

  private func made(
    _ remote: String, _ expose: String, _ target: ContainerTarget
  ) async throws -> Plan {
    let session = HostSession(host: HostFacts(name: "page", target: target))
    return try await service.plan(
      [PlanRequest(remote: remote, expose: expose)], consumes: [], telling: [], in: session,
      for: peer
    ).body
  }

  private func pointer(
    _ bytes: [UInt8], type: String, phase: String
  ) throws -> Representation {
    guard let digest = LarderCore.Digest(Array(SHA256.hash(data: bytes))) else {
      throw Refusal(.internalServerError, .internal, "a SHA-256 value has 32 bytes")
    }
    return Representation(.bytes(bytes), digest, type: type, lifetime: .pointer, phase: phase)
  }

  private func json(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }
}
