/// What the registry holds at most; each is finite, so that no caller can make the file grow
/// without end.
///
/// At the defaults a remote costs at most 9 releases of some 100 assets of about 150 bytes: 135 kB
/// (3.8 MB with the longest retention), and a realm's fetches 16,384 rows of about 400 bytes: 6.5
/// MB.
package struct RegistryLimits: Sendable {
  /// Releases that a remote keeps where its realm has no retention of its own, besides those that a
  /// channel or a session holds: a week of daily deploys and today's.
  package var releasesKeptMax = 8
  /// Releases that a remote keeps for their number or their age: one an hour for ten days.
  package var releasesMax = 256
  /// Moves of a channel that a roll-back can undo: twice the releases, as some are visited again.
  package var channelMovesMax = 16
  /// Channels of a remote, `current` included.
  package var channelsMax = 16
  /// Remotes of a realm: ten micro-frontends a product, a hundred products.
  package var remotesMax = 1024
  /// Realms of a machine: a user's, the public one, and one per trust class of a build agent.
  package var realmsMax = 1024
  /// Base URLs of a remote, one per variant.
  package var urlsMax = 16
  /// Variants of a release: webpack knows about ten targets.
  package var variantsMax = 16
  /// Assets of a release over all its variants: a large application has 2,000 files a variant.
  package var assetsMax = 32_768
  /// Bytes of the facts of a variant: 1,000 exposes and consumes of about 1 KiB, with room.
  package var factsBytesMax = 16 << 20
  /// Releases that a realm pins: each is kept for good, so that a budget in bytes alone would let
  /// small ones fill the file.
  package var pinsMax = 256
  /// Remembered fetches of a realm; the oldest go first.
  package var fetchesMax = 16_384
  /// Keyed entries of a realm, and up to 63 more; those that were not used for longest go first. At
  /// 300 bytes each 20 MB, at most 200 MB.
  package var entriesMax = 65_536
  /// Bytes of a URL, as servers commonly limit a request line.
  package static let urlBytesMax = 8192
  /// Bytes of an asset's path, below Linux's PATH_MAX of 4,096 with room for a base directory.
  package static let pathBytesMax = 2048

  package init() {}
}
