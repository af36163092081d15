import FoundationEssentials
import LarderFederation
import LarderService

/// What import specifiers lead to (HTML, 4.12.5): the host library, and each remote whose build is an
/// ECMAScript module, by its name and by its files.
struct ImportMap: Encodable {
  let imports: [String: String]

  /// - Parameter base: the gateway's URL, which ends in `/`; the map's name the host, since browsers
  ///   take a map from within a page only, whose URL is another.
  init(_ releases: [PageRelease], base: String) {
    var imports = ["larder": "\(base)larder/browser.js"]
    for release in releases where release.isModule {
      let name = PercentCoding.encoded(path: release.remote)
      let folder = "\(base)remotes/\(name)@\(release.id)/"
      imports[release.remote] = folder + PercentCoding.encoded(path: release.facts.entry)
      imports["\(release.remote)/"] = folder
    }
    self.imports = imports
  }
}
