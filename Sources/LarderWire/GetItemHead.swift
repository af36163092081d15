import LarderCore

/// What became of one item of a GET.
package enum GetItemStatus: UInt32, Sendable, CaseIterable {
  /// Bytes follow.
  case found = 0
  /// No such blob in this realm.
  case absent = 1
  /// Stored bytes failed their check; frames of this item that came before are void.
  case corrupt = 2
  /// The range does not lie within the blob.
  case outOfRange = 3
}

/// The first 16 bytes in the body of a GET item frame: item u32, status u32, blob size u64.
package struct GetItemHead: Sendable, Hashable {
  /// Bytes of a head.
  package static let byteCount = 16

  /// Place of the item in its request, from 0.
  package let item: Int
  package let status: GetItemStatus
  /// Size of the whole blob, whatever range was asked for; 0 if absent.
  package let blobSize: Int64

  package init(item: Int, status: GetItemStatus, blobSize: Int64) {
    self.item = item
    self.status = status
    self.blobSize = blobSize
  }

  /// - Throws: `malformedFrame` for a body that is too short, an unknown status, or a size above
  ///   what a signed number holds.
  package init(decoding body: UnsafeRawBufferPointer) throws(WireError) {
    guard body.count >= GetItemHead.byteCount else {
      throw WireError(.malformedFrame, "an item frame has 16 bytes of head, not \(body.count)")
    }
    let status: UInt32 = body.littleEndian(at: 4)
    let size: UInt64 = body.littleEndian(at: 8)
    guard let known = GetItemStatus(rawValue: status), let blobSize = Int64(exactly: size) else {
      throw WireError(.malformedFrame, "an item frame with status \(status) and size \(size)")
    }
    let item: UInt32 = body.littleEndian(at: 0)
    self.init(item: Int(item), status: known, blobSize: blobSize)
  }

  /// Appends the 16 bytes.
  package func append(to bytes: inout [UInt8]) {
    bytes.append(littleEndian: UInt64(UInt32(item)) | UInt64(status.rawValue) << 32)
    bytes.append(littleEndian: UInt64(blobSize))
  }
}
