import LarderCore
import LarderFederation

/// Reads the containers of a build whose files have to be fetched, or read from the store.
struct BuildReader {
  /// What is read, for error messages: a URL or a remote's name.
  let subject: String
  let content: Content

  /// A description of a large application has some 20 MiB; its JSON takes ten times that while it
  /// is read. Entries are far smaller.
  static let textSizeMax = ByteCount.mebibytes(64)

  /// Files that are read between two looks at the scan: their text is in memory at a time.
  private static let batchMax = 16

  /// Gives the bytes of files by their paths, without those that are not there.
  typealias Files = ([String]) async throws(ServiceError) -> [String: [UInt8]]

  /// The containers of the build, with all their files.
  ///
  /// - Parameters:
  ///   - path: the file that tells of them; nil looks for those that usually do.
  ///   - paths: the files of the build where they are known; nil where `files` has to be asked.
  ///   - remote: where several containers are told of, the one of this name is meant; it is also
  ///     the name of one whose code has none.
  /// - Throws: `invalidBuild`, `tooLarge`, and what `files` throws.
  func containers(
    at path: String?, among paths: Set<String>?, of remote: String?, files: Files
  ) async throws(ServiceError) -> [ContainerFacts] {
    var found: [ContainerFacts] = []
    let imported = try await imported(at: path, among: paths, files: files)
    let named = imported.filter { $0.facts.name == remote }
    for container in named.isEmpty ? imported : named {
      var facts = container.facts
      if let scan = container.scan {
        facts = try await scanned(scan, among: paths, files: files)
      }
      if let remote, facts.reading?.leavesOpen(.name) == true { facts.name = remote }
      found.append(facts)
    }
    return found
  }

  // MARK: - Import

  private struct Attempt: Sendable {
    let outcome: Result<[ImportedContainer], ImportError>
    /// What was asked for and not at hand.
    let wanted: [String]
  }

  /// Runs the import again as long as it asks for files that nobody has looked for: first what
  /// tells of the build, then the entries that this names, then their runtimes.
  private func imported(
    at path: String?, among paths: Set<String>?, files: Files
  ) async throws(ServiceError) -> [ImportedContainer] {
    var known: [String: [UInt8]] = [:]
    var asked: Set<String> = []
    while true {
      let here = known
      let attempt = try await content.compute { () throws(ServiceError) -> Attempt in
        Self.attempt(at: path, paths: paths ?? [], files: here)
      }
      let wanted = attempt.wanted.filter {
        asked.insert($0).inserted && paths?.contains($0) ?? true
      }
      if wanted.isEmpty {
        do throws(ImportError) { return try attempt.outcome.get() } catch {
          let code: ServiceError.Code = error.kind == .tooLarge ? .tooLarge : .invalidBuild
          throw ServiceError(
            code, "\(subject): \(error.message)", remedy: error.remedy, subject: subject)
        }
      }
      known.merge(try await files(wanted)) { first, _ in first }
    }
  }

  private static func attempt(
    at path: String?, paths: Set<String>, files: [String: [UInt8]]
  ) -> Attempt {
    let wanted = Locked<[String]>([])
    let build = BuildImport(
      BuildFiles(paths: { paths.sorted() }) { name in
        if files[name] == nil { wanted.withLock { $0.append(name) } }
        return files[name]
      })
    let outcome: Result<[ImportedContainer], ImportError>
    do throws(ImportError) {
      outcome = .success(try build.containers(at: path))
    } catch {
      outcome = .failure(error)
    }
    return Attempt(outcome: outcome, wanted: wanted.withLock { $0 })
  }

  // MARK: - Scan

  /// Reads whatever the scan asks for, some files at a time, until it asks for none.
  private func scanned(
    _ scan: AssetScan, among paths: Set<String>?, files: Files
  ) async throws(ServiceError) -> ContainerFacts {
    // One scan that the workers change in turn: a copy for each file would take the square of their
    // number.
    let scan = Locked(scan)
    while true {
      let batch = scan.withLock { scan in
        var batch: [String] = []
        while batch.count < Self.batchMax, let next = scan.next() {
          if let paths, !paths.contains(next) {
            scan.miss(next)
          } else if AssetScan.reads(next) {
            batch.append(next)
          }
        }
        return batch
      }
      if batch.isEmpty { return scan.withLock { $0.outcome() } }
      let found = try await files(batch)
      try await content.compute { () throws(ServiceError) in
        scan.withLock { scan in
          for path in batch {
            if let bytes = found[path] {
              scan.read(path, String(decoding: bytes, as: UTF8.self))
            } else {
              scan.miss(path)
            }
          }
        }
      }
    }
  }
}
