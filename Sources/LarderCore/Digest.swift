/// A SHA-256 value (FIPS 180-4): 32 bytes, the name of a blob or chunk.
///
/// Four words instead of an array: a digest is copied, hashed and compared on every look-up, and an
/// array would allocate each time. Usable from inline for the same reason.
@usableFromInline package struct Digest: Hashable, Sendable {
  /// Bytes in a digest.
  package static let byteCount = 32

  /// Bytes 0-7, 8-15, 16-23 and 24-31, each read big-endian, so that comparing words in turn
  /// compares bytes in turn.
  @usableFromInline let words: (UInt64, UInt64, UInt64, UInt64)

  /// Reads the first 32 bytes of `bytes`.
  ///
  /// - Precondition: `bytes` holds at least 32 bytes.
  package init(copying bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count >= Digest.byteCount, "a digest takes 32 bytes")
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// Reads exactly 32 bytes; nil for any other count.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Digest.byteCount else { return nil }
    self = Array(bytes).withUnsafeBytes { Digest(copying: $0) }
  }

  /// Reads 64 hexadecimal digits of either case; nil for anything else.
  package init?(hex text: some StringProtocol) {
    guard let bytes = Hex.decode(text), let digest = Digest(bytes) else { return nil }
    self = digest
  }

  /// 64 lower-case hexadecimal digits.
  package var hex: String { Hex.encode(bytes) }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    withUnsafeBytes { Array($0) }
  }

  /// Lends the 32 bytes for the time of `body`; the pointer must not escape it.
  @inlinable package func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let stored = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
    )
    return try Swift.withUnsafeBytes(of: stored) { (buffer) throws(Failure) -> Result in
      try body(buffer)
    }
  }

  /// The first 8 bytes, as a number.
  @inlinable package var leadingWord: UInt64 { words.0 }

  @inlinable package static func == (left: Digest, right: Digest) -> Bool {
    left.words == right.words
  }

  @inlinable package func hash(into hasher: inout Hasher) {
    // The words are already uniform: one would do for a table, all four keep Hashable honest.
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension Digest: Comparable {
  @inlinable package static func < (left: Digest, right: Digest) -> Bool {
    left.words < right.words
  }
}

extension Digest: CustomStringConvertible {
  @usableFromInline package var description: String { hex }
}
