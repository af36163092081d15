import FoundationEssentials
import LarderFederation
import LarderService

/// The script that stands for a remote whichever release is current: `entry.js` with a release behind
/// it.
struct RemoteEntry: Encodable {
  /// The globals that it sets: the container's own, which the release's entry sets again, then the
  /// name that the remote is registered under.
  let names: [String]
  /// What it runs, in order, the entry last; against its own URL.
  let scripts: [String]
  /// Whether the entry is an ECMAScript module.
  let module: Bool
  let release: String
  /// Remotes that its modules import, by name, and their entries.
  let remotes: [String: String]

  /// - Parameter others: remotes that are to be had here.
  init(_ release: PageRelease, others: Set<String>) {
    names =
      release.facts.name == release.remote || release.facts.name.isEmpty
      ? [release.remote] : [release.facts.name, release.remote]
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

  /// - Parameter function: an expression for what takes it.
  func script(calling function: [UInt8]) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let end = function.last == UInt8(ascii: "\n") ? function.dropLast() : function[...]
    return end + "(".utf8 + Array(try encoder.encode(self)) + ");\n".utf8
  }
}
