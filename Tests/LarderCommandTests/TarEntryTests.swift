import Testing

@testable import larder

@Suite("The head of a file in an archive")
struct TarEntryTests {
  @Test("is read as it was written", arguments: [0, 1, 511, 512, 513, TarEntry.sizeMax])
  func roundTrip(size: Int64) throws {
    let entry = TarEntry(path: "blobs/sha256/0123", sizeBytes: size)
    let read = try #require(TarEntry(reading: entry.block))
    #expect(read == entry)
    #expect((size + Int64(entry.paddingBytes)) % 512 == 0 && entry.paddingBytes < 512)
  }

  @Test("with any byte changed before its name's end is none")
  func damaged() {
    let block = TarEntry(path: "larder.json", sizeBytes: 77).block
    for place in [0, 5, 124, 135, 148, 156, 257] {
      var damaged = block
      damaged[place] ^= 4
      #expect(TarEntry(reading: damaged) == nil, "byte \(place)")
    }
    #expect(TarEntry(reading: []) == nil)
  }
}
