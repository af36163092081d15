import LarderCore
package import LarderStore

extension Store.Options {
  /// Chunks of up to 4 KiB, segments of 64 KiB and slabs of 32 KiB, so that few bytes make large
  /// blobs, many segments and a full hot tier. Nothing becomes durable that nobody asks for.
  package static let small: Store.Options = {
    var options = Store.Options(
      quota: .mebibytes(32), segmentSize: .kibibytes(64), chunkedAbove: .kibibytes(4),
      chunkSizes: ChunkSizes(minimum: 1 << 10, average: 2 << 10, maximum: 4 << 10),
      blobSizeMax: .kibibytes(256), hotMemory: .kibibytes(256), slabSize: .kibibytes(32))
    options.commitDelay = .seconds(86_400)
    return options
  }()
}
