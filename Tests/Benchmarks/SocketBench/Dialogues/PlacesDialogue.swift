import Glibc
import LarderCore
import LarderPlatform
import LarderWire

/// Our protocol: GET of one blob as places in slabs, which are mapped and touched.
struct PlacesDialogue: Dialogue {
  private var cursor: RequestCursor
  private var nextID: UInt64 = 1
  private let maps = SlabMaps()
  /// From one touched byte to the next.
  private let strideBytes: Int

  init(_ requests: PreparedRequests, from place: Int, touchingEach strideBytes: Int) {
    cursor = RequestCursor(requests, from: place)
    self.strideBytes = strideBytes
  }

  func open(_ connection: borrowing ClientSocket) throws { try LarderRequests.open(connection) }

  mutating func ask(_ count: Int, into requests: inout RequestBuffer) {
    LarderRequests.copy(count, of: &cursor, into: &requests, from: &nextID)
  }

  func receive(
    from connection: borrowing ClientSocket, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    try connection.read(into: buffer, adding: &maps.descriptors)
  }

  func next(
    in bytes: UnsafeRawBufferPointer, taster: ((UnsafeRawBufferPointer) -> Void)?
  ) throws -> AnswerPart {
    guard let header = FrameHeader(reading: bytes) else { return .unknown }
    let end = FrameHeader.byteCount + Int(header.length)
    if header.flags.contains(.data) {
      let head = FrameHeader.byteCount + GetItemHead.byteCount
      guard bytes.count >= head else { return .unknown }
      // Memory had no room: as bytes, then.
      maps.itemsAsBytes += 1
      return AnswerPart(
        head: head, body: Int(header.length) - GetItemHead.byteCount,
        isLast: !header.flags.contains(.more), request: LarderRequests.slot(header))
    }
    guard bytes.count >= end else { return .unknown }
    let body = UnsafeRawBufferPointer(rebasing: bytes[FrameHeader.byteCount..<end])
    if header.flags.contains(.slabs) {
      for notice in try SlabNotice.decode(body) { try maps.add(notice) }
      return AnswerPart(head: end)
    }
    guard header.flags.contains(.places), body.count >= 24,
      body.littleEndian(at: 4, as: UInt32.self) == 0
    else { throw LarderRequests.wrong(header, bytes) }
    var part = AnswerPart(
      head: end, isLast: !header.flags.contains(.more), request: LarderRequests.slot(header))
    var place = 24
    while place < body.count {
      let length = Int(body.littleEndian(at: place + 12, as: UInt32.self))
      let start = Int(body.littleEndian(at: place + 8, as: UInt32.self))
      let value = try maps.bytes(of: body.littleEndian(at: place), start..<start + length)
      if let taster { taster(value) } else { maps.touch(value, each: strideBytes) }
      part.placed += length
      place += 16
    }
    return part
  }
}

/// The slabs that one connection holds.
final class SlabMaps {
  /// They came, and the frame that names them has not been looked at.
  var descriptors: [Int32] = []
  /// Answers that came as bytes.
  var itemsAsBytes = 0
  private var maps: [UInt64: MappedMemory] = [:]
  /// What touching found: so that it cannot be left out.
  private(set) var sum: UInt8 = 0

  deinit { for descriptor in descriptors { close(descriptor) } }

  func add(_ notice: SlabNotice) throws {
    guard !descriptors.isEmpty else { throw WrongAnswer("a slab without a descriptor") }
    let memory = try SealedMemory(
      received: descriptors.removeFirst(), byteCount: notice.slabBytes)
    maps[notice.slab] = try memory.map()
  }

  func bytes(of slab: UInt64, _ range: Range<Int>) throws -> UnsafeRawBufferPointer {
    guard let map = maps[slab], range.upperBound <= map.byteCount else {
      throw WrongAnswer("a place outside of any slab")
    }
    // The map outlives the call: it is kept as long as the connection.
    return map.withBytes { UnsafeRawBufferPointer(rebasing: $0[range]) }
  }

  func touch(_ bytes: UnsafeRawBufferPointer, each strideBytes: Int) {
    var place = 0
    while place < bytes.count {
      sum &+= bytes[place]
      place += strideBytes
    }
  }
}
