/// Decides where a large blob is cut into chunks.
///
/// The one place that knows: content-defined cutting replaces this rule and nothing else, since
/// lists say the length of every chunk and readers do not care where the cuts came from.
struct Cutter: Sendable {
  /// No piece is longer, in bytes.
  let pieceMax: Int

  /// The length of the next piece.
  ///
  /// - Parameter bytes: what is left of the blob, or its next `pieceMax` bytes at least; not empty.
  /// - Returns: 1 to `pieceMax`, and no more than there is.
  func cut(_ bytes: UnsafeRawBufferPointer) -> Int {
    min(bytes.count, pieceMax)
  }
}
