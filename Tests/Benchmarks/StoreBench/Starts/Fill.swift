import BenchRig
import Crypto
import LarderCore
import LarderStore
import SystemPackage

/// Stores of very many tiny chunks, to measure what depends on their number alone.
enum Fill {
  /// Bytes of a chunk; with its header it takes 104 in a segment, so ten million take 1 GB.
  static let chunkByteCount = 32

  /// Puts the chunks with these numbers, as accepted, and syncs nothing by itself.
  ///
  /// They come in eight runs, each in the order of its digests: the index then inserts neighbours
  /// together, which takes a third of the time, and still splits its pages as random rows would.
  static func put(_ numbers: Range<Int>, into store: Store, threads: Int) throws {
    let runLength = (numbers.count + 7) / 8
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: runLength) {
      let run = start..<min(start + runLength, numbers.upperBound)
      let order = run.map { (digest: digest(of: $0), number: $0) }
        .sorted { $0.digest < $1.digest }
      // A thread takes a thousand at a time, so that handing out numbers costs nothing.
      try Threads.forEach((order.count + 999) / 1000, threads: threads, makeContext: {}) {
        _, part in
        for item in order[part * 1000..<min((part + 1) * 1000, order.count)] {
          _ = try withChunk(item.number) { bytes in
            try store.put(bytes, realm: Ingestion.realm, ack: .accepted)
          }
        }
      }
    }
  }

  /// The name of the chunk with this number.
  static func digest(of number: Int) -> LarderCore.Digest {
    withChunk(number) { bytes in
      var hash = SHA256()
      hash.update(bufferPointer: bytes)
      return hash.finalize().withUnsafeBytes { LarderCore.Digest(copying: $0) }
    }
  }

  /// Lends the bytes of the chunk with this number, which follow from it alone.
  static func withChunk<Result>(
    _ number: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    var random = SplitMix(seed: UInt64(number))
    let words = (random.next(), random.next(), random.next(), random.next())
    return try withUnsafeBytes(of: words, body)
  }
}
