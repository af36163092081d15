import LarderCore
import LarderPlatform

extension Index.Row {
  /// The row of a record that stands in a segment.
  init(_ header: RecordHeader, at offset: Int64, of segment: Segment) {
    self.init(
      realm: segment.realm, digest: header.digest, segment: segment.id, offset: offset,
      header: header)
  }
}

extension Index.SegmentRow {
  /// The row of a segment whose records before `indexed` are rows.
  init(_ state: SegmentState, indexed: Int64) {
    self.init(
      id: state.segment.id, realm: state.segment.realm, salt: state.segment.salt,
      indexed: indexed, records: state.records, phase: state.phase)
  }

  /// As the columns of the table, but for the checksum.
  var numbers: [Int64] {
    [
      Int64(bitPattern: id), Int64(realm.rawValue), Int64(bitPattern: salt.low),
      Int64(bitPattern: salt.high), indexed, Int64(records), Int64(phase.rawValue),
    ]
  }

  static let numberCount = 7

  fileprivate init?(_ numbers: [Int64]) {
    let sizes = 0...Store.Options.segmentSizeMax.value
    guard numbers[0] > 0, let realm = UInt32(exactly: numbers[1]), realm != 0,
      sizes.contains(numbers[4]), sizes.contains(numbers[5]),
      let phase = SegmentState.Phase(rawValue: Int(numbers[6]))
    else { return nil }
    self.init(
      id: UInt64(bitPattern: numbers[0]), realm: RealmID(realm),
      salt: SipHash.Key(
        low: UInt64(bitPattern: numbers[2]), high: UInt64(bitPattern: numbers[3])),
      indexed: numbers[4], records: Int(numbers[5]), phase: phase)
  }

  /// CRC-32C of the numbers, eight bytes each.
  static func checksum(_ numbers: [Int64]) -> Int64 {
    var bytes: [UInt8] = []
    for number in numbers { bytes.append(littleEndian: number) }
    return Int64(bytes.withUnsafeBytes { CRC32C.checksum($0) })
  }
}

/// What it is asked.
extension Index {
  /// The id that the next segment gets.
  func nextSegment() throws(IndexError) -> UInt64 {
    let value = try Index.single(
      "SELECT coalesce(max(value), 1) FROM counters WHERE name = 'next_segment'", on: connection)
    guard (1..<Int64.max).contains(value) else {
      throw IndexError(damage: "the next segment would be \(value)")
    }
    return UInt64(value)
  }

  /// Every segment that was indexed.
  ///
  /// - Throws: damage where a checksum is wrong: a segment would be cut at an offset that is wrong.
  func segments() throws(IndexError) -> [SegmentRow] {
    let select = try IndexStatement(
      """
      SELECT id, realm, salt_low, salt_high, indexed, records, phase, checksum
      FROM segments ORDER BY id
      """, on: connection)
    var rows: [SegmentRow] = []
    while try select.step() {
      var numbers: [Int64] = []
      for column in 0..<SegmentRow.numberCount { numbers.append(try select.number(Int32(column))) }
      let checksum = try select.number(Int32(SegmentRow.numberCount))
      guard checksum == SegmentRow.checksum(numbers), let row = SegmentRow(numbers) else {
        throw IndexError(damage: "a row of segments fails its check")
      }
      rows.append(row)
    }
    return rows
  }

  /// Where a walk over all records stands.
  struct Key: Equatable, Sendable {
    let realm: RealmID
    let digest: Digest
  }

  /// The next records behind `key`, by realm and digest; nil for the first.
  func rows(after key: Key?, limit: Int) throws(IndexError) -> [Row] {
    // There is no realm 0, so what is behind it is everything.
    selectNext.bind(Int64(key?.realm.rawValue ?? 0), at: 1)
    if let key { selectNext.bind(key.digest, at: 2) } else { selectNext.bind(0, at: 2) }
    selectNext.bind(Int64(limit), at: 3)
    return try rows(selectNext)
  }

  /// The record of a digest; nil for none.
  func row(_ digest: Digest, in realm: RealmID) throws(IndexError) -> Row? {
    selectOne.bind(Int64(realm.rawValue), at: 1)
    selectOne.bind(digest, at: 2)
    return try rows(selectOne).first
  }

  /// The records of a segment, by offset.
  func rows(of segment: UInt64) throws(IndexError) -> [Row] {
    let id = Int64(bitPattern: segment)
    return try rows(
      IndexStatement(Index.select("WHERE segment = \(id) ORDER BY \"offset\""), on: connection))
  }

  /// The large blobs of a realm.
  func lists(of realm: RealmID) throws(IndexError) -> [Row] {
    let kind = RecordHeader.Kind.list.rawValue
    return try rows(
      IndexStatement(
        Index.select("WHERE realm = \(realm.rawValue) AND kind = \(kind)"), on: connection))
  }

  static func select(_ condition: String) -> String {
    """
    SELECT realm, digest, segment, "offset", raw, stored, kind, codec, part, size, checksum
    FROM records \(condition)
    """
  }

  /// The records that a statement of `select` finds; a row that no store wrote is damage.
  func rows(_ select: IndexStatement) throws(IndexError) -> [Row] {
    var rows: [Row] = []
    do {
      while try select.step() { rows.append(try row(select)) }
    } catch {
      select.reset()
      throw error
    }
    return rows
  }

  private func row(_ select: IndexStatement) throws(IndexError) -> Row {
    let (segment, offset) = (try select.number(2), try select.number(3))
    let (raw, stored, size) = (try select.number(4), try select.number(5), try select.number(9))
    let records = Int64(SegmentHeader.byteCount)...Store.Options.segmentSizeMax.value
    guard let realm = UInt32(exactly: try select.number(0)), realm != 0,
      let digest = select.digest(1), let kind = UInt8(exactly: try select.number(6)),
      let kind = RecordHeader.Kind(rawValue: kind),
      let codec = UInt8(exactly: try select.number(7)),
      let codec = RecordHeader.Codec(rawValue: codec),
      let checksum = UInt32(exactly: try select.number(10)),
      (0...Int64(RecordHeader.payloadMax)).contains(raw), (0...raw).contains(stored),
      (0...Store.Options.blobSizeLimit.value).contains(size), records.contains(offset),
      offset % 8 == 0
    else { throw IndexError(damage: "a row of records that no store wrote") }
    return Row(
      realm: RealmID(realm), digest: digest, segment: UInt64(bitPattern: segment), offset: offset,
      header: RecordHeader(
        kind: kind, codec: codec, isPart: try select.number(8) != 0, rawLength: Int(raw),
        storedLength: Int(stored), digest: digest, size: size, payloadChecksum: checksum))
  }
}
