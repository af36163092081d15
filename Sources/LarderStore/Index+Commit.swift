import LarderCore

/// What it is told.
extension Index {
  /// Stores rows, the progress of their segments and what is gone, in one transaction.
  ///
  /// The caller has synced every payload that a row names.
  func commit(
    rows: [Row], segments: [SegmentRow], drops: [Drop], forgotten: [UInt64] = [],
    nextSegment: UInt64
  ) throws(IndexError) {
    try transaction { () throws(IndexError) in
      try delete(forgotten)
      for row in rows { try insert(row) }
      for row in segments { try insert(row) }
      for drop in drops {
        deleteRecord.bind(Int64(drop.realm.rawValue), at: 1)
        deleteRecord.bind(drop.digest, at: 2)
        deleteRecord.bind(Int64(bitPattern: drop.segment), at: 3)
        deleteRecord.bind(drop.offset, at: 4)
        try deleteRecord.run()
        insertDropped.bind(Int64(bitPattern: drop.segment), at: 1)
        insertDropped.bind(drop.offset, at: 2)
        insertDropped.bind(drop.isDamaged ? 1 : 0, at: 3)
        try insertDropped.run()
      }
      setNext.bind(Int64(bitPattern: nextSegment), at: 1)
      try setNext.run()
    }
  }

  /// Forgets segments and all their records.
  func forget(_ segments: [UInt64]) throws(IndexError) {
    try transaction { () throws(IndexError) in try delete(segments) }
  }

  private func delete(_ segments: [UInt64]) throws(IndexError) {
    for id in segments {
      let id = Int64(bitPattern: id)
      try Index.execute("DELETE FROM records WHERE segment = \(id)", on: connection)
      try Index.execute("DELETE FROM dropped WHERE segment = \(id)", on: connection)
      try Index.execute("DELETE FROM segments WHERE id = \(id)", on: connection)
      try Index.execute("DELETE FROM recency WHERE segment = \(id)", on: connection)
    }
  }

  private func insert(_ row: Row) throws(IndexError) {
    insertRecord.bind(Int64(row.realm.rawValue), at: 1)
    insertRecord.bind(row.digest, at: 2)
    insertRecord.bind(Int64(bitPattern: row.segment), at: 3)
    insertRecord.bind(row.offset, at: 4)
    insertRecord.bind(Int64(row.header.rawLength), at: 5)
    insertRecord.bind(Int64(row.header.storedLength), at: 6)
    insertRecord.bind(Int64(row.header.kind.rawValue), at: 7)
    insertRecord.bind(Int64(row.header.codec.rawValue), at: 8)
    insertRecord.bind(row.header.isPart ? 1 : 0, at: 9)
    insertRecord.bind(row.header.size, at: 10)
    insertRecord.bind(Int64(row.header.payloadChecksum), at: 11)
    try insertRecord.run()
  }

  private func insert(_ row: SegmentRow) throws(IndexError) {
    let numbers = row.numbers
    for (place, number) in (numbers + [SegmentRow.checksum(numbers)]).enumerated() {
      insertSegment.bind(number, at: Int32(place + 1))
    }
    try insertSegment.run()
  }
}
