import LarderPlatform

/// Bytes of a blob in memory that all clients of the daemon share: verified, and frozen for good.
///
/// They stay valid as long as this is held, whatever becomes of the connection. Where the daemon
/// had no memory to share they are a copy.
public final class MappedBlob: Sendable {
  enum Piece: Sendable {
    case shared(MappedSlab, offset: Int, length: Int)
    case copied([UInt8])

    var byteCount: Int {
      switch self {
      case .shared(_, _, let length): length
      case .copied(let bytes): bytes.count
      }
    }
  }

  let pieces: [Piece]
  /// Bytes of all pieces.
  public let byteCount: Int

  init(_ pieces: [Piece]) {
    self.pieces = pieces
    byteCount = pieces.reduce(0) { $0 + $1.byteCount }
  }

  /// Whether all of it is shared, and nothing was copied.
  public var isShared: Bool {
    pieces.allSatisfy { if case .shared = $0 { true } else { false } }
  }

  /// Lends the bytes, in order and piece by piece, a large blob in several; the pointer is valid
  /// during the call only.
  public func withPieces<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    for piece in pieces {
      switch piece {
      case .shared(let slab, let offset, let length):
        try slab.memory.withBytes { (bytes) throws(Failure) in
          try body(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
        }
      case .copied(let bytes):
        try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
          try body(UnsafeRawBufferPointer(bytes))
        }
      }
    }
  }

  /// A copy of all bytes.
  public var bytes: [UInt8] {
    if pieces.count == 1, case .copied(let bytes) = pieces[0] { return bytes }
    var all: [UInt8] = []
    all.reserveCapacity(byteCount)
    withPieces { all.append(contentsOf: $0) }
    return all
  }
}
