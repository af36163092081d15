/// A content coding that browsers understand (RFC 9110, 8.4.1), those that save most first.
package enum ContentCoding: String, CaseIterable, Sendable {
  /// RFC 7932.
  case br
  /// RFC 8878; within the window of 8 MiB that RFC 9659 allows.
  case zstd
  /// RFC 1952.
  case gzip

  /// Sources up to this size get the best that is affordable: some 100 ms for 1 MiB, once.
  static let carefulBytesMax = 1 << 20

  /// Sources beyond take some hundred milliseconds for each MiB, and twice their size of memory.
  package static let sourceBytesMax = 16 << 20

  /// Encodes all of it; what comes out depends on the source alone.
  ///
  /// Takes milliseconds to seconds, and no lock: for a worker.
  /// - Returns: nil for a source beyond `sourceBytesMax`, and where the library has no memory.
  package func encoded(_ source: [UInt8]) -> [UInt8]? {
    guard source.count <= Self.sourceBytesMax else { return nil }
    let isCareful = source.count <= Self.carefulBytesMax
    return switch self {
    case .br: Brotli.encoded(source, quality: isCareful ? 9 : 5)
    case .zstd: Zstandard.encoded(source, level: isCareful ? 15 : 6)
    case .gzip: Gzip.encoded(source, level: isCareful ? 9 : 6)
    }
  }

  /// Decodes what has exactly so many bytes.
  ///
  /// - Returns: nil for what is not encoded like this, or has another size.
  package func decoded(_ bytes: [UInt8], size: Int) -> [UInt8]? {
    guard size <= Self.sourceBytesMax else { return nil }
    return switch self {
    case .br: Brotli.decoded(bytes, size: size)
    case .zstd: Zstandard.decoded(bytes, size: size)
    case .gzip: Gzip.decoded(bytes, size: size)
    }
  }
}
