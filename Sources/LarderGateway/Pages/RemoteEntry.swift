import FoundationEssentials
import LarderFederation
import LarderService

/// The script that stands for a remote whichever release is current: `entry.js` with a release behind
/// it.
struct RemoteEntry: Encodable {
  /// The name that the remote is registered under.
  let name: String
  /// Names from the global object on to where the release's entry leaves its container.
  let global: [String]
  /// What it runs, in order, the entry last; against its own URL.
  let scripts: [String]
  /// Whether the entry is an ECMAScript module.
  let module: Bool
  /// Nil where there is none, and a live entry instead.
  let release: String?
  /// The URL of an entry that is tried before the release: a dev server's.
  let live: String?
  /// Remotes that its modules import, by name, and their entries.
  let remotes: [String: String]

  /// - Parameters:
  ///   - live: the URL of the entry that overrides it.
  ///   - others: remotes that are to be had here.
  init(_ release: PageRelease, live: String?, others: Set<String>) {
    self.live = live
    name = release.remote
    global = release.facts.global ?? [release.remote]
    // One step for the entry's folder, and one for each further segment of the name.
    let up = String(
      repeating: "../", count: release.remote.split(separator: "/").count)
    let folder = "\(up)\(PercentCoding.encoded(path: release.remote))@\(release.id)/"
    scripts = (release.facts.entryPrerequisites + [release.facts.entry])
      .map { folder + PercentCoding.encoded(path: $0) }
    module = release.isModule
    self.release = release.id
    let nested = release.remotes.filter { others.contains($0) && $0 != release.remote }
    remotes = Dictionary(
      uniqueKeysWithValues: nested.map {
        ($0, "\(up)\(PercentCoding.encoded(path: $0))/\(Route.shimName)")
      })
  }

  /// A remote that only an override knows.
  init(_ remote: String, live: String) {
    name = remote
    global = [remote]
    scripts = []
    module = false
    release = nil
    self.live = live
    remotes = [:]
  }

  /// - Parameter function: an expression for what takes it.
  func script(calling function: [UInt8]) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let end = function.last == UInt8(ascii: "\n") ? function.dropLast() : function[...]
    return end + "(".utf8 + Array(try encoder.encode(self)) + ");\n".utf8
  }
}
