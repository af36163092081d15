import LarderCore
import LarderMessages
import LarderWire

/// Takes what an OPEN reply begins with: JSON length, JSON.
struct OpenHeadReader: Sendable {
  /// Known once all of the JSON came.
  private(set) var head: OpenMessage.Head?
  /// The JSON.
  private(set) var text: [UInt8] = []

  /// Takes the next bytes.
  ///
  /// - Returns: those behind the JSON.
  mutating func take(
    _ bytes: UnsafeRawBufferPointer,
    decode: ([UInt8]) throws(ClientError) -> OpenMessage.Head = OpenHeadReader.decode
  ) throws(ClientError) -> UnsafeRawBufferPointer {
    text.append(contentsOf: bytes)
    let nothing = UnsafeRawBufferPointer(rebasing: bytes[bytes.count...])
    guard text.count >= OpenHead.byteCount else { return nothing }
    let length: Int
    do throws(WireError) {
      length = try text.withUnsafeBufferPointer { (all) throws(WireError) in
        try OpenHead.decode(UnsafeRawBufferPointer(all))
      }
    } catch { throw ClientError(error) }
    let end = OpenHead.byteCount + length
    guard text.count >= end else { return nothing }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[(bytes.count - (text.count - end))...])
    text = Array(text[OpenHead.byteCount..<end])
    head = try decode(text)
    return rest
  }

  /// Reads the JSON.
  static func decode(_ text: [UInt8]) throws(ClientError) -> OpenMessage.Head {
    try JSONBody.decode(from: text, verb: .open)
  }
}

/// Takes the joined frames of an OPEN reply apart again: JSON length, JSON, blobs back to back.
///
/// Frames may end anywhere; only the JSON is held, blobs are passed on as they come.
struct OpenReader {
  private var start = OpenHeadReader()
  private var blob = 0
  private var received: Int64 = 0

  /// Known once all of the JSON came.
  var head: OpenMessage.Head? { start.head }

  /// Whether the last blob has ended.
  var isWhole: Bool { head.map { blob == $0.blobs.count } ?? false }

  /// Takes the body of the next frame; an empty blob gets one call without bytes.
  mutating func take(
    _ bytes: UnsafeRawBufferPointer,
    decode: ([UInt8]) throws(ClientError) -> OpenMessage.Head = OpenHeadReader.decode,
    _ body: (OpenMessage.Head, BlobStat, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    var rest = head == nil ? try start.take(bytes, decode: decode) : bytes
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
