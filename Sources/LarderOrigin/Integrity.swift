import Crypto
package import LarderCore

/// What bytes must hash to, as Subresource Integrity (W3C, 2016) writes it.
package struct Integrity: Hashable, Sendable {
  /// The hash functions, weakest first.
  package enum Algorithm: String, Sendable, CaseIterable, Comparable {
    case sha256
    case sha384
    case sha512

    /// Bytes of a hash.
    var byteCount: Int {
      switch self {
      case .sha256: 32
      case .sha384: 48
      case .sha512: 64
      }
    }

    package static func < (left: Algorithm, right: Algorithm) -> Bool {
      left.byteCount < right.byteCount
    }
  }

  /// The strongest algorithm that was named; the others do not count.
  package let algorithm: Algorithm
  /// The hashes of that algorithm: bytes that have any of them pass.
  let hashes: Set<[UInt8]>

  /// Reads a list such as `sha384-… sha512-…?option`, separated by white space.
  ///
  /// Algorithms that are not known, and values that are no hash, are passed over as browsers do.
  /// - Throws: `badIntegrity` if nothing is left: browsers then check nothing, which nobody who
  ///   names a value wants.
  package init(_ text: String) throws(OriginError) {
    var found: [Algorithm: Set<[UInt8]>] = [:]
    for item in text.split(whereSeparator: \.isWhitespace) {
      let value = item.prefix { $0 != "?" }
      guard let dash = value.firstIndex(of: "-"),
        let algorithm = Algorithm(rawValue: value[..<dash].lowercased()),
        let hash = Base64.decode(value[value.index(after: dash)...]),
        hash.count == algorithm.byteCount
      else { continue }
      found[algorithm, default: []].insert(hash)
    }
    guard let strongest = found.keys.max(), let hashes = found[strongest] else {
      throw OriginError(
        .badIntegrity, "'\(text.prefix(120))' names no hash to check",
        remedy: "give sha256-, sha384- or sha512- and the hash in base 64", url: "")
    }
    algorithm = strongest
    self.hashes = hashes
  }

  /// Bytes that this digest names.
  package init(_ digest: LarderCore.Digest) {
    algorithm = .sha256
    hashes = [digest.bytes]
  }

  /// The SHA-256 values among them: names of blobs.
  package var digests: [LarderCore.Digest] {
    algorithm == .sha256 ? hashes.compactMap { LarderCore.Digest($0) } : []
  }

  /// `sha384-` and the hash in hexadecimal digits, one for each: equal values have equal names,
  /// however they were written.
  package var names: [String] { hashes.map { "\(algorithm.rawValue)-\(Hex.encode($0))" }.sorted() }

  /// A check that bytes run through.
  package func verifier() -> IntegrityVerifier { IntegrityVerifier(self) }
}

/// Hashes bytes as they come, with the one algorithm that is needed.
package struct IntegrityVerifier: Sendable {
  private enum State {
    case sha256(SHA256)
    case sha384(SHA384)
    case sha512(SHA512)
  }

  private let integrity: Integrity
  private var state: State

  init(_ integrity: Integrity) {
    self.integrity = integrity
    state =
      switch integrity.algorithm {
      case .sha256: .sha256(SHA256())
      case .sha384: .sha384(SHA384())
      case .sha512: .sha512(SHA512())
      }
  }

  /// Adds the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    switch state {
    case .sha256(var hash):
      hash.update(bufferPointer: bytes)
      state = .sha256(hash)
    case .sha384(var hash):
      hash.update(bufferPointer: bytes)
      state = .sha384(hash)
    case .sha512(var hash):
      hash.update(bufferPointer: bytes)
      state = .sha512(hash)
    }
  }

  /// Whether all the bytes have one of the hashes.
  package func matches() -> Bool {
    let hash =
      switch state {
      case .sha256(let hash): Array(hash.finalize())
      case .sha384(let hash): Array(hash.finalize())
      case .sha512(let hash): Array(hash.finalize())
      }
    return integrity.hashes.contains(hash)
  }
}
