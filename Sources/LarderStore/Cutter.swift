/// Decides where a large blob is cut into chunks.
///
/// The one place that knows: lists say the length of every chunk, so readers do not care where the
/// cuts came from.
struct Cutter: Sendable {
  private let fine: FastCDC
  /// Chunks that are cut by content; the rest of the blob is cut at the maximum.
  private let fineMax: Int
  private var count = 0

  /// - Parameter blobSizeMax: no blob is longer. Bytes made to be cut at every minimum would yield
  ///   more chunks than one list can name; from where the rest could be too long for it, cuts fall
  ///   at the maximum. Nothing else gets there: 1 GiB has 16,384 chunks of 64 KiB in the mean.
  init(_ sizes: ChunkSizes, blobSizeMax: Int64) {
    fine = FastCDC(sizes)
    let coarse = (Int(blobSizeMax) + sizes.maximum - 1) / sizes.maximum
    fineMax = ChunkList.countMax - coarse
  }

  /// The length of the next chunk; nil where more bytes are needed to know it.
  ///
  /// - Parameters:
  ///   - bytes: what is left of the blob, or as much of it as is here; not empty.
  ///   - isAll: nothing comes behind them.
  mutating func cut(_ bytes: UnsafeRawBufferPointer, isAll: Bool) -> Int? {
    let length =
      count < fineMax ? fine.cut(bytes).length : min(bytes.count, fine.sizes.maximum)
    let isCut = length < bytes.count || length == fine.sizes.maximum || isAll
    guard isCut else { return nil }
    count += 1
    return length
  }
}
