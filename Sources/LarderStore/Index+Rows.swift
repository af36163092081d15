import GRDBSQLite
import LarderCore

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
  func segments() throws(IndexError) -> [SegmentRow] {
    let select = try IndexStatement(
      "SELECT id, realm, salt_low, salt_high, indexed, records, phase FROM segments ORDER BY id",
      on: connection)
    var rows: [SegmentRow] = []
    while try select.step() {
      guard let realm = UInt32(exactly: select.number(1)), realm != 0,
        let phase = SegmentState.Phase(rawValue: Int(select.number(6))), select.number(0) > 0,
        (0...Store.Options.segmentSizeMax.value).contains(select.number(4)),
        (0...Store.Options.segmentSizeMax.value).contains(select.number(5))
      else { throw IndexError(SQLITE_CORRUPT, connection, "a row of segments") }
      rows.append(
        SegmentRow(
          id: UInt64(bitPattern: select.number(0)), realm: RealmID(realm),
          salt: SipHash.Key(
            low: UInt64(bitPattern: select.number(2)), high: UInt64(bitPattern: select.number(3))),
          indexed: select.number(4), records: Int(select.number(5)), phase: phase))
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
    while try select.step() {
      guard let realm = UInt32(exactly: select.number(0)), realm != 0,
        let digest = select.digest(1), let kind = UInt8(exactly: select.number(6)),
        let kind = RecordHeader.Kind(rawValue: kind), let codec = UInt8(exactly: select.number(7)),
        let codec = RecordHeader.Codec(rawValue: codec),
        let checksum = UInt32(exactly: select.number(10)),
        (0...Int64(RecordHeader.payloadMax)).contains(select.number(4)),
        (0...select.number(4)).contains(select.number(5)),
        (0...Store.Options.blobSizeLimit.value).contains(select.number(9)),
        (0...Store.Options.segmentSizeMax.value).contains(select.number(3)),
        select.number(3) % 8 == 0
      else {
        select.reset()
        throw IndexError(SQLITE_CORRUPT, connection, "a row of records")
      }
      rows.append(
        Row(
          realm: RealmID(realm), digest: digest, segment: UInt64(bitPattern: select.number(2)),
          offset: select.number(3),
          header: RecordHeader(
            kind: kind, codec: codec, isPart: select.number(8) != 0,
            rawLength: Int(select.number(4)), storedLength: Int(select.number(5)),
            digest: digest, size: select.number(9), payloadChecksum: checksum)))
    }
    return rows
  }
}
