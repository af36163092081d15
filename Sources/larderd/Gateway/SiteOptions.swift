import LarderGateway
import LarderService

/// A site of the public as a policy lays it down, checked.
struct SiteOptions: Sendable {
  let hosts: Set<String>
  let mount: Mount
  let realm: String
  /// Base URLs by remote.
  let remotes: [String: [String]]
  /// Web origins whose pages may load from it; nil for everybody's.
  let pages: Set<String>?
  let freshness: Freshness
  let showsSourceMaps: Bool
}
