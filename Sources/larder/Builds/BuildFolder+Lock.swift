import FoundationEssentials
import LarderClient
import LarderCore
import LarderFederation
import SystemPackage

/// The folder and its lockfile.
extension BuildFolder {
  /// What the lockfile of the folder would be: facts from whatever tells of the build but a lockfile,
  /// and the digests of its files.
  ///
  /// - Parameter statistics: of the build, where they lie elsewhere.
  func lockfile(statistics: FilePath? = nil) throws(ClientError) -> Lockfile {
    var others: [String: FilePath?] = [Lockfile.fileName: nil]
    if let statistics { others[StatsImporter.fileName] = statistics }
    let files = try files()
    let containers = try containers(withOthers: others)
    try check(files, against: containers)
    return Lockfile(
      containers: containers,
      files: try files.filter(BuildFolder.isLocked).map { (file) throws(ClientError) in
        Lockfile.File(
          path: file.path, digest: try BuildFolder.digest(of: file), size: file.sizeBytes)
      })
  }

  /// The lockfile that is there; nil for none.
  func presentLockfile() throws(ClientError) -> Lockfile? {
    guard let file = try files().first(where: { $0.path == Lockfile.fileName }) else { return nil }
    let bytes = try InputFile(regularFileAt: FilePath(file.location))
      .readAll(sizeMax: LockfileImporter.bytesMax)
    do { return try LockfileImporter.lockfile(in: Data(bytes)) } catch {
      throw .build(error, in: path)
    }
  }

  /// Holds every file to the lockfile that the facts are of: none missing, none besides, each with
  /// its digest.
  func verify(_ containers: [ContainerFacts]) throws(ClientError) {
    guard let locked = containers.first, locked.reading?.source == .lockfile else { return }
    let present = Dictionary(try files().map { ($0.path, $0) }) { first, _ in first }
    for asset in locked.assets {
      guard let file = present[asset.name] else {
        throw mismatch(asset.name, "is in its lockfile, but not there")
      }
      guard file.sizeBytes == asset.size, try BuildFolder.digest(of: file) == asset.digest else {
        throw mismatch(asset.name, "is not the file that its lockfile names")
      }
    }
    let names = Set(locked.assets.map(\.name))
    let strange = present.values.filter(BuildFolder.isLocked).map(\.path).sorted()
    if let file = strange.first(where: { !names.contains($0) }) {
      throw mismatch(file, "is not in its lockfile")
    }
  }

  /// Statistics need not be deployed, and the lockfile cannot name itself.
  private static func isLocked(_ file: File) -> Bool {
    file.path != Lockfile.fileName && file.path != StatsImporter.fileName
  }

  private static func digest(of file: File) throws(ClientError) -> LarderCore.Digest {
    try InputFile(regularFileAt: FilePath(file.location)).digest()
  }

  private func mismatch(_ file: String, _ what: String) -> ClientError {
    ClientError(
      code: .integrityMismatch, message: "'\(path.appending(file))' \(what)",
      remedy: "if the build is as it should be, write the lockfile again: larder lock \(path)",
      subject: file)
  }
}
