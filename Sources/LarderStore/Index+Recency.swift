extension Index {
  /// What was used when that was stored last.
  func recency() throws(IndexError) -> Recency {
    let select = try IndexStatement("SELECT segment, pages FROM recency", on: connection)
    var pages: [UInt64: [UInt8]] = [:]
    while try select.step() {
      pages[UInt64(bitPattern: try select.number(0))] = select.bytes(1)
    }
    return Recency(pages: pages)
  }

  /// Replaces what is stored of uses.
  func save(_ recency: Recency) throws(IndexError) {
    try transaction { () throws(IndexError) in
      try Index.execute("DELETE FROM recency", on: connection)
      let insert = try IndexStatement(
        "INSERT INTO recency (segment, pages) VALUES (?, ?)", on: connection)
      for (segment, pages) in recency.pages {
        insert.bind(Int64(bitPattern: segment), at: 1)
        insert.bind(pages, at: 2)
        try insert.run()
      }
    }
  }
}
