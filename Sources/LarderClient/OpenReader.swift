import LarderCore
import LarderMessages
import LarderWire

/// Takes the joined frames of an OPEN reply apart again: JSON length, JSON, blobs back to back.
///
/// Frames may end anywhere; only the JSON is held, blobs are passed on as they come.
struct OpenReader {
  /// Known once all of the JSON came.
  private(set) var head: OpenMessage.Head?
  private var text: [UInt8] = []
  private var blob = 0
  private var received: Int64 = 0

  /// Whether the last blob has ended.
  var isWhole: Bool { head.map { blob == $0.blobs.count } ?? false }

  /// Takes the body of the next frame; an empty blob gets one call without bytes.
  mutating func take(
    _ bytes: UnsafeRawBufferPointer,
    decode: ([UInt8]) throws(ClientError) -> OpenMessage.Head,
    _ body: (OpenMessage.Head, BlobStat, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    var rest = bytes
    if head == nil {
      text.append(contentsOf: rest)
      guard text.count >= OpenHead.byteCount else { return }
      let length: Int
      do throws(WireError) {
        length = try text.withUnsafeBufferPointer { (all) throws(WireError) in
          try OpenHead.decode(UnsafeRawBufferPointer(all))
        }
      } catch { throw ClientError(error) }
      let end = OpenHead.byteCount + length
      guard text.count >= end else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[(rest.count - (text.count - end))...])
      head = try decode(Array(text[OpenHead.byteCount..<end]))
      text = []
    }
    guard let head else { return }
    while blob < head.blobs.count, !rest.isEmpty || head.blobs[blob].size.value == received {
      let stat = head.blobs[blob]
      let count = Int(min(Int64(rest.count), stat.size.value - received))
      try body(head, stat, UnsafeRawBufferPointer(rebasing: rest[..<count]))
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      received += Int64(count)
      if received == stat.size.value { (blob, received) = (blob + 1, 0) }
    }
    if blob == head.blobs.count, !rest.isEmpty {
      throw ClientError(WireError(.malformedFrame, "OPEN's reply has bytes after its last blob"))
    }
  }
}
