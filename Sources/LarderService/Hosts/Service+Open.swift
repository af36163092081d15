package import LarderCore
package import LarderFederation
package import LarderMessages

extension Service {
  /// OPEN with requests: a plan and the blobs that its host lacks, which the face sends behind it.
  ///
  /// - Parameters:
  ///   - phases: whose bytes come along.
  ///   - have: digests that the host has already.
  package func open(
    _ requests: [PlanRequest], consumes: [HostConsume], phases: Set<PlanPhase>,
    have: Set<Digest>, in session: HostSession, for peer: RealmCapability
  ) async throws(ServiceError) -> PreparedReply<OpenMessage.Head> {
    let made = try await plan(requests, consumes, including: phases, in: session, for: peer)
    let head = { self.head(of: made.reply.body, phases, without: have) }
    guard have.isEmpty, let known = made.known else { return PreparedReply(head()) }
    return known.opening(phases, head)
  }

  private func head(
    of plan: Plan, _ phases: Set<PlanPhase>, without have: Set<Digest>
  ) -> OpenMessage.Head {
    // A file without a digest is an error of the plan.
    let files = plan.files.filter { phases.contains($0.phase) }
      .compactMap { file -> OpenMessage.File? in
        guard let digest = file.digest, let size = file.size else { return nil }
        return OpenMessage.File(
          container: file.container, path: file.path, digest: digest, size: ByteCount(size))
      }
    return OpenMessage.Head(plan: plan, files: files, blobs: blobs(of: files, without: have))
  }

  /// OPEN with paths: single files of a container, of the release that the session uses.
  ///
  /// - Throws: `unknownRemote`, `notFound`, and what the origin's answer leads to.
  package func openFiles(
    _ paths: [String], of container: String, have: Set<Digest>, in session: HostSession,
    for peer: RealmCapability
  ) async throws(ServiceError) -> OpenMessage.Head {
    let release = try await self.release(named: container, in: session, for: peer)
    let files: [OpenMessage.File]
    do throws(ServiceError) {
      files = try await self.files(paths, of: container, release, for: session.target)
    } catch {
      guard error.mayMeanRedeploy, await renew(container, in: session, for: peer) else {
        throw error
      }
      let newer = try await self.release(named: container, in: session, for: peer)
      files = try await self.files(paths, of: container, newer, for: session.target)
    }
    session.handOut([container])
    return OpenMessage.Head(plan: nil, files: files, blobs: blobs(of: files, without: have))
  }

  private func files(
    _ paths: [String], of container: String, _ release: RemoteRelease, for target: ContainerTarget
  ) async throws(ServiceError) -> [OpenMessage.File] {
    var files: [OpenMessage.File] = []
    for path in paths {
      let file = try await release.file(path, target: target, for: .planned)
      files.append(
        OpenMessage.File(
          container: container, path: path, digest: file.stat.digest, size: file.stat.size))
    }
    return files
  }

  /// Each blob once, in the order of the files.
  private func blobs(of files: [OpenMessage.File], without have: Set<Digest>) -> [BlobStat] {
    var seen = have
    return files.compactMap { file in
      guard seen.insert(file.digest).inserted else { return nil }
      return BlobStat(digest: file.digest, size: file.size)
    }
  }
}
