import LarderCore
import LarderStore

/// A way to cut blobs into chunks.
struct Cutting {
  let sizes: ChunkSizes
  /// Blobs up to this size are one chunk.
  let above: Int

  /// As long as a record allows, at fixed places.
  static let none = Cutting(
    sizes: ChunkSizes(minimum: 1 << 20, average: 1 << 20, maximum: 1 << 20), above: 1 << 20)

  var isNone: Bool { sizes == Cutting.none.sizes }

  var options: Store.Options {
    Store.Options(chunkedAbove: ByteCount(Int64(above)), chunkSizes: sizes)
  }

  /// Minimum, average and maximum in KiB.
  var sizeText: String {
    isNone ? "none" : "\(sizes.minimum >> 10)/\(sizes.average >> 10)/\(sizes.maximum >> 10)"
  }

  var aboveText: String { "\(above >> 10)" }
}
