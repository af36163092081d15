import FoundationEssentials
import HTTPTypes
import LarderMessages
import LarderPlatform
import LarderService
import NIOPosix
import SystemPackage

/// Remotes that this user's pages take from a dev server, as `larder override` wrote them down.
///
/// The file is read for each request that a page begins with, so that an override counts from the
/// next load on. Folders are for hosts in Node: a page has no way into them.
struct Overrides: Sendable {
  private let path: FilePath?

  /// - Parameter path: nil where nothing is overridden; there need not be a file yet.
  init(at path: FilePath?) { self.path = path }

  /// The URL of the entry that takes a remote's place, by the remote's name.
  ///
  /// - Throws: for a file that `larder override` did not write.
  func entries() async throws(Refusal) -> [String: String] {
    guard let path else { return [:] }
    do {
      let bytes = try await NIOThreadPool.singleton.runIfActive { try Self.read(path) }
      guard let bytes else { return [:] }
      let file = try JSONDecoder().decode(OverridesFile.self, from: Data(bytes))
      guard file.format == OverridesFile.formatCurrent else { throw Refusal.unreadable(path) }
      return file.remotes.compactMapValues(Self.entry)
    } catch { throw Refusal.unreadable(path) }
  }

  /// Nil where there is no file.
  private static func read(_ path: FilePath) throws -> [UInt8]? {
    do {
      let file = try FileSystem.real.open(path, for: .read)
      let size = try file.size()
      guard size <= OverridesFile.bytesMax else { throw Refusal.unreadable(path) }
      var bytes = [UInt8](repeating: 0, count: Int(size))
      let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SystemCallError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
      }
      return Array(bytes[..<count])
    } catch let error as SystemCallError
      where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory
    {
      return nil
    }
  }

  /// An entry is named by its URL, or the folder in which it has the usual name.
  private static func entry(at place: String) -> String? {
    guard place.hasPrefix("http://") || place.hasPrefix("https://") else { return nil }
    let path = place.prefix { $0 != "?" && $0 != "#" }
    if [".js", ".cjs", ".mjs"].contains(where: path.hasSuffix) { return place }
    return path + (path.hasSuffix("/") ? "" : "/") + Route.shimName
  }
}

extension Refusal {
  fileprivate static func unreadable(_ path: FilePath) -> Refusal {
    Refusal(
      .internalServerError, .internal, "'\(path)' is nothing that 'larder override' wrote",
      remedy: "write it again with 'larder override', or remove it")
  }
}
