import LarderCore
import LarderWire
import Testing

@Suite("Bodies of binary verbs")
struct BodyTests {
  @Test("HAS is digests back to back")
  func has() throws {
    let bytes = HasBody.encode([digest(1), digest(2)])
    #expect(bytes == [UInt8](repeating: 1, count: 32) + [UInt8](repeating: 2, count: 32))
    let read = try bytes.withUnsafeBytes { try HasBody.decode($0) }
    #expect(read == [digest(1), digest(2)])
  }

  @Test("HAS refuses what is no list of 1 to 10,000 digests", arguments: [0, 1, 31, 33, 320_032])
  func hasRefuses(count: Int) {
    let bytes = [UInt8](repeating: 0, count: count)
    let error = #expect(throws: WireError.self) {
      try bytes.withUnsafeBytes { try HasBody.decode($0) }
    }
    #expect(error?.code == .badRequest)
  }

  @Test("HAS and GET take 10,000 records, and not one more")
  func recordsMax() throws {
    let atLimit = [UInt8](repeating: 0, count: 10_000 * 32)
    #expect(try atLimit.withUnsafeBytes { try HasBody.decode($0).count } == 10_000)
    let items = [UInt8](repeating: 0, count: 8 + 10_000 * 48)
    #expect(try items.withUnsafeBytes { try GetBody(decoding: $0).items.count } == 10_000)
    let beyond = [UInt8](repeating: 0, count: 8 + 10_001 * 48)
    #expect(throws: WireError.self) { try beyond.withUnsafeBytes { try GetBody(decoding: $0) } }
  }

  @Test("GET is a head, then digest, offset and length; all ones mean to the end")
  func get() throws {
    let items = [GetItem(digest(3), offset: 258, length: 5), GetItem(digest(4))]
    let body = GetBody(items, as: .places).encode()
    #expect(body[..<8] == [1, 0, 0, 0, 0, 0, 0, 0])
    let bytes = Array(body[8...])
    #expect(Array(bytes[..<32]) == [UInt8](repeating: 3, count: 32))
    #expect(Array(bytes[32..<48]) == [2, 1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(bytes[80..<88]) == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(bytes[88...]) == [UInt8](repeating: 0xff, count: 8))
    #expect(try body.withUnsafeBytes { try GetBody(decoding: $0) } == GetBody(items, as: .places))
  }

  @Test("GET refuses a head with another reply or more than that", arguments: [0, 7])
  func getRefuses(place: Int) {
    var body = GetBody([GetItem(digest(3))], as: .bytes).encode()
    body[place] = 3
    let error = #expect(throws: WireError.self) {
      try body.withUnsafeBytes { try GetBody(decoding: $0) }
    }
    #expect(error?.code == .badRequest)
  }

  @Test("A PLACES frame is heads with their extents, and nothing else")
  func places() throws {
    let places = [
      BlobPlace(
        GetItemHead(item: 0, status: .found, blobSize: 300),
        [
          SlabPlace(slab: 7, offset: 64, length: 258),
          SlabPlace(slab: 1 << 40, offset: 0, length: 42),
        ]
      ),
      BlobPlace(GetItemHead(item: 1, status: .absent, blobSize: 0), []),
    ]
    var bytes: [UInt8] = []
    for place in places { place.append(to: &bytes) }
    #expect(bytes.count == 24 + 2 * 16 + 24)
    #expect(bytes.count == places.reduce(0) { $0 + $1.byteCount })
    #expect(
      Array(bytes[16..<40]) == [2, 0, 0, 0, 0, 0, 0, 0] + [7] + Array(repeating: 0, count: 7) + [
        64, 0, 0, 0, 2, 1, 0, 0,
      ])
    #expect(try bytes.withUnsafeBytes { try BlobPlace.decode($0) } == places)
    for count in 1..<bytes.count where count != 56 {
      #expect(throws: WireError.self) {
        try bytes[..<count].withUnsafeBytes { try BlobPlace.decode($0) }
      }
    }
    // Extents of an item that is not there.
    bytes[56 + 16] = 1
    #expect(throws: WireError.self) { try bytes.withUnsafeBytes { try BlobPlace.decode($0) } }
  }

  @Test("A SLABS frame names 1 to 64 slabs of some bytes; DROP takes 1 to 256")
  func slabs() throws {
    let notices = (1...64).map { SlabNotice(slab: UInt64($0), slabBytes: $0 << 12) }
    var bytes: [UInt8] = []
    for notice in notices { notice.append(to: &bytes) }
    #expect(try bytes.withUnsafeBytes { try SlabNotice.decode($0) } == notices)
    let empty = [UInt8](repeating: 0, count: 16)
    for wrong: [UInt8] in [[], Array(bytes[1...]), bytes + bytes[..<16], empty] {
      #expect(throws: WireError.self) { try wrong.withUnsafeBytes { try SlabNotice.decode($0) } }
    }
    let drop = DropBody.encode([258, 1])
    #expect(drop == [2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    #expect(try drop.withUnsafeBytes { try DropBody.decode($0) } == [258, 1])
    for count in [0, 7, 257 * 8] {
      let wrong = [UInt8](repeating: 0, count: count)
      #expect(throws: WireError.self) { try wrong.withUnsafeBytes { try DropBody.decode($0) } }
    }
  }

  @Test(
    "a range lies within its blob of 10 bytes, or is none",
    arguments: [
      (0, nil, 0..<10), (4, nil, 4..<10), (10, nil, 10..<10), (11, nil, nil), (0, 10, 0..<10),
      (0, 11, nil), (10, 0, 10..<10), (9, 1, 9..<10), (9, 2, nil), (UInt64.max, nil, nil),
      (UInt64.max, 1, nil), (1, UInt64.max - 1, nil),
    ] as [(UInt64, UInt64?, Range<Int64>?)])
  func range(offset: UInt64, length: UInt64?, expected: Range<Int64>?) {
    #expect(GetItem(digest(1), offset: offset, length: length).range(inBlobOf: 10) == expected)
  }

  @Test("an item head is item, status and blob size")
  func itemHead() throws {
    var bytes: [UInt8] = []
    GetItemHead(item: 1, status: .corrupt, blobSize: 513).append(to: &bytes)
    #expect(bytes == [1, 0, 0, 0, 2, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0])
    let read = try bytes.withUnsafeBytes { try GetItemHead(decoding: $0) }
    #expect(read == GetItemHead(item: 1, status: .corrupt, blobSize: 513))
  }

  @Test("an item head with an unknown status or a negative size is refused")
  func itemHeadRefuses() {
    var bytes: [UInt8] = []
    GetItemHead(item: 0, status: .found, blobSize: 0).append(to: &bytes)
    for (place, value) in [(4, 4), (15, 0x80)] as [(Int, UInt8)] {
      var broken = bytes
      broken[place] = value
      #expect(throws: WireError.self) {
        try broken.withUnsafeBytes { try GetItemHead(decoding: $0) }
      }
    }
    #expect(throws: WireError.self) {
      try bytes[..<15].withUnsafeBytes { try GetItemHead(decoding: $0) }
    }
  }

  @Test("a PUT head is ack, named, size and digest")
  func putHead() throws {
    var bytes: [UInt8] = []
    PutHead(ack: .durable, digest: digest(9), size: ByteCount(258)).append(to: &bytes)
    #expect(
      bytes == [1, 1, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 9, count: 32))
    let read = try bytes.withUnsafeBytes { try PutHead(decoding: $0) }
    #expect(read == PutHead(ack: .durable, digest: digest(9), size: ByteCount(258)))
  }

  @Test("a PUT head without digest and size has zeros and ones there")
  func putHeadUnnamed() throws {
    var bytes: [UInt8] = []
    PutHead(ack: .accepted).append(to: &bytes)
    #expect(
      bytes == [UInt8](repeating: 0, count: 8) + [UInt8](repeating: 0xff, count: 8)
        + [UInt8](repeating: 0, count: 32))
    #expect(try bytes.withUnsafeBytes { try PutHead(decoding: $0) } == PutHead(ack: .accepted))
  }

  @Test(
    "a PUT head with a value without a meaning is refused",
    arguments: [(0, 2), (1, 2), (2, 1), (3, 1), (4, 1), (7, 1), (47, 1)] as [(Int, UInt8)])
  func putHeadRefuses(place: Int, value: UInt8) {
    var bytes: [UInt8] = []
    PutHead(ack: .accepted, size: .zero).append(to: &bytes)
    bytes[place] = value
    let error = #expect(throws: WireError.self) {
      try bytes.withUnsafeBytes { try PutHead(decoding: $0) }
    }
    #expect(error?.code == .badRequest)
  }

  @Test("a PUT of the largest blob is taken, one byte more is too large, 47 bytes are no head")
  func putHeadLimits() throws {
    var bytes: [UInt8] = []
    PutHead(ack: .accepted, size: ByteCount(WireLimits.blobSizeMax)).append(to: &bytes)
    #expect(try bytes.withUnsafeBytes { try PutHead(decoding: $0) }.size?.value == 1 << 30)
    bytes[8] = 1
    let error = #expect(throws: WireError.self) {
      try bytes.withUnsafeBytes { try PutHead(decoding: $0) }
    }
    #expect(error?.code == .tooLarge)
    #expect(throws: WireError.self) {
      try bytes[..<47].withUnsafeBytes { try PutHead(decoding: $0) }
    }
  }

  @Test("a PUT answer is digest, size and existed")
  func putAnswer() throws {
    var bytes: [UInt8] = []
    PutAnswer(digest: digest(7), size: ByteCount(3), existed: true).append(to: &bytes)
    #expect(
      bytes == [UInt8](repeating: 7, count: 32) + [3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    let read = try bytes.withUnsafeBytes { try PutAnswer(decoding: $0) }
    #expect(read == PutAnswer(digest: digest(7), size: ByteCount(3), existed: true))
    #expect(throws: WireError.self) {
      try (bytes + [0]).withUnsafeBytes { try PutAnswer(decoding: $0) }
    }
  }

  @Test("OPEN begins with its JSON's length, at most 64 MiB")
  func openHead() throws {
    #expect(OpenHead.encode(json: [0x7b, 0x7d]) == [2, 0, 0, 0, 0x7b, 0x7d])
    #expect(try ([0, 0, 0, 4] as [UInt8]).withUnsafeBytes { try OpenHead.decode($0) } == 64 << 20)
    #expect(throws: WireError.self) {
      try ([1, 0, 0, 4] as [UInt8]).withUnsafeBytes { try OpenHead.decode($0) }
    }
    #expect(throws: WireError.self) {
      try ([1, 0, 0] as [UInt8]).withUnsafeBytes { try OpenHead.decode($0) }
    }
  }

  @Test("every error code has an exit status of sysexits.h")
  func exitStatuses() {
    for code in ErrorCode.allCases { #expect((64...78).contains(code.exitStatus)) }
    #expect(ErrorCode(rawValue: "internal") == .internal)
  }

  @Test("version 1 is spoken with whoever offers it")
  func versions() {
    #expect(ProtocolVersion.negotiate(1...1) == 1)
    #expect(ProtocolVersion.negotiate(0...9) == 1)
    #expect(ProtocolVersion.negotiate(2...3) == nil)
  }
}
