import LarderCore
import LarderWire

/// Our protocol: GET of one blob, as bytes.
struct BytesDialogue: Dialogue {
  private var cursor: RequestCursor
  private var nextID: UInt64 = 1

  init(_ requests: PreparedRequests, from place: Int) {
    cursor = RequestCursor(requests, from: place)
  }

  func open(_ connection: borrowing ClientSocket) throws { try LarderRequests.open(connection) }

  mutating func ask(_ count: Int, into requests: inout RequestBuffer) {
    LarderRequests.copy(count, of: &cursor, into: &requests, from: &nextID)
  }

  func next(
    in bytes: UnsafeRawBufferPointer, taster: ((UnsafeRawBufferPointer) -> Void)?
  ) throws -> AnswerPart {
    let head = FrameHeader.byteCount + GetItemHead.byteCount
    guard let header = FrameHeader(reading: bytes), bytes.count >= head else { return .unknown }
    guard header.kind == Verb.get.rawValue, header.flags.isSubset(of: [.reply, .data, .more]),
      bytes.littleEndian(at: 20, as: UInt32.self) == 0
    else { throw LarderRequests.wrong(header, bytes) }
    return AnswerPart(
      head: head, body: Int(header.length) - GetItemHead.byteCount,
      isLast: !header.flags.contains(.more), request: LarderRequests.slot(header))
  }
}
