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

  /// The bytes wanted of a blob whose size is not known; nil for what no blob has.
  package var range: Range<Int64>? {
    guard let first = Int64(exactly: offset) else { return nil }
    guard let length else { return first..<Int64.max }
    guard let count = Int64(exactly: length), count <= Int64.max - first else { return nil }
    return first..<first + count
  }

  /// The bytes wanted of a blob of `size` bytes; nil if they do not all lie within it.
  package func range(inBlobOf size: Int64) -> Range<Int64>? {
    guard let first = Int64(exactly: offset), first <= size else { return nil }
    guard let length else { return first..<size }
    guard let count = Int64(exactly: length), count <= size - first else { return nil }
    return first..<first + count
  }
}

/// How a client wants content.
package enum ContentReply: UInt8, Sendable, CaseIterable {
  /// As bytes.
  case bytes = 0
  /// As places in slabs that it maps; as bytes where that cannot be.
  case places = 1
  /// As places, each blob in one piece and in a slab of its own.
  case descriptors = 2
}

/// The body of a GET request: 8 bytes of head (reply u8, zeros), then 1 to `digestsMax` records.
package struct GetBody: Sendable, Hashable {
  fileprivate static let headByteCount = 8

  package let reply: ContentReply
  package let items: [GetItem]

  package init(_ items: some Collection<GetItem>, as reply: ContentReply) {
    self.items = Array(items)
    self.reply = reply
  }

  /// - Throws: as `GetRequest`.
  package init(decoding body: UnsafeRawBufferPointer) throws(WireError) {
    self.init(try GetRequest(reading: body))
  }

  package init(_ request: GetRequest) {
    reply = request.reply
    items = (0..<request.count).map { request[$0] }
  }

  /// - Precondition: `items` are 1 to `digestsMax`.
  package func encode() -> [UInt8] {
    precondition((1...WireLimits.digestsMax).contains(items.count), "GET names 1 to 10,000 blobs")
    var bytes = [reply.rawValue] + [UInt8](repeating: 0, count: GetBody.headByteCount - 1)
    bytes.reserveCapacity(bytes.count + items.count * GetItem.byteCount)
    for item in items {
      bytes.append(item.digest)
      bytes.append(littleEndian: item.offset)
      bytes.append(littleEndian: item.length ?? .max)
    }
    return bytes
  }
}

/// The body of a GET where it came in: nothing is copied.
package struct GetRequest {
  package let reply: ContentReply
  /// 1 to `digestsMax`.
  package let count: Int
  private let records: UnsafeRawBufferPointer

  /// - Parameter body: outlives the request.
  /// - Throws: `badRequest` for a head or a length that is none.
  package init(reading body: UnsafeRawBufferPointer) throws(WireError) {
    guard body.count >= GetBody.headByteCount, let reply = ContentReply(rawValue: body[0]),
      body.littleEndian(at: 0, as: UInt64.self) >> 8 == 0
    else {
      throw WireError(
        .badRequest,
        "GET begins with 8 bytes: 0 for bytes, 1 for places or 2 for descriptors, then seven zeros")
    }
    self.reply = reply
    records = UnsafeRawBufferPointer(rebasing: body[GetBody.headByteCount...])
    count = try recordCount(in: records, of: GetItem.byteCount, verb: .get)
  }

  package subscript(number: Int) -> GetItem {
    precondition((0..<count).contains(number), "a GET has no such item")
    let start = number * GetItem.byteCount
    let record = UnsafeRawBufferPointer(rebasing: records[start..<start + GetItem.byteCount])
    let length: UInt64 = record.littleEndian(at: 40)
    return GetItem(
      Digest(copying: record), offset: record.littleEndian(at: 32),
      length: length == .max ? nil : length)
  }
}
