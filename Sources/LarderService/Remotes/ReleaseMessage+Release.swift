import FoundationEssentials
import LarderCore
import LarderFederation
import LarderMessages
import LarderRegistry

extension ReleaseMessage {
  /// A release as the protocol describes it.
  ///
  /// - Parameter recorded: the same release, decoded.
  init(_ release: Release, _ recorded: RecordedRelease, isCurrent: Bool) {
    var variants: [Variant] = []
    for (variant, facts) in zip(release.variants, recorded.variants) {
      variants.append(
        Variant(
          target: variant.target, webpack: variant.webpack, ruleSet: variant.ruleSet,
          entry: variant.entry, exposes: facts.exposes.map(\.name), files: variant.assets.count,
          bytes: variant.assets.reduce(ByteCount.zero) { $0 + $1.blob.size }))
    }
    self.init(
      name: release.remote.description, release: release.id.description,
      completeness: release.completeness.rawValue, createdAt: release.createdAt,
      current: isCurrent, variants: variants)
  }
}
