package import LarderCore

/// One record of a GET request, 48 bytes: digest, offset u64, length u64.
package struct GetItem: Sendable, Hashable {
  /// Bytes of a record.
  package static let byteCount = 48

  package let digest: Digest
  /// First byte that is wanted.
  package let offset: UInt64
  /// Bytes that are wanted; nil for all from `offset` on.
  package let length: UInt64?

  package init(_ digest: Digest, offset: UInt64 = 0, length: UInt64? = nil) {
    self.digest = digest
    self.offset = offset
    self.length = length
  }

  /// The bytes wanted of a blob of `size` bytes; nil if they do not all lie within it.
  package func range(inBlobOf size: Int64) -> Range<Int64>? {
    guard let first = Int64(exactly: offset), first <= size else { return nil }
    guard let length else { return first..<size }
    guard let count = Int64(exactly: length), count <= size - first else { return nil }
    return first..<first + count
  }
}

/// The body of a GET request: 1 to `digestsMax` records.
package enum GetBody {
  /// - Throws: `badRequest` for a length that is no such list.
  package static func decode(_ body: UnsafeRawBufferPointer) throws(WireError) -> [GetItem] {
    let count = try recordCount(in: body, of: GetItem.byteCount, verb: .get)
    return (0..<count).map { index in
      let record = UnsafeRawBufferPointer(rebasing: body[(index * GetItem.byteCount)...])
      let length: UInt64 = record.littleEndian(at: 40)
      return GetItem(
        Digest(copying: record), offset: record.littleEndian(at: 32),
        length: length == .max ? nil : length)
    }
  }

  /// - Precondition: `items` are 1 to `digestsMax`.
  package static func encode(_ items: some Collection<GetItem>) -> [UInt8] {
    precondition((1...WireLimits.digestsMax).contains(items.count), "GET names 1 to 10,000 blobs")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(items.count * GetItem.byteCount)
    for item in items {
      bytes.append(item.digest)
      bytes.append(littleEndian: item.offset)
      bytes.append(littleEndian: item.length ?? .max)
    }
    return bytes
  }
}
