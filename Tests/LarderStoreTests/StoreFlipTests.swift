import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Turned bits")
struct StoreFlipTests {
  @Test("A single turned bit is noticed or changes no answer, and the store stays up")
  func flips() throws {
    for seed in Campaign.seeds(1) {
      var campaign = try FlipCampaign(seed: seed)
      let outcome = try campaign.run(1_000)
      let flips = outcome.flips.sorted { $0.key.rawValue < $1.key.rawValue }
      let parts = flips.map { "\($0) \($1)" }.joined(separator: ", ")
      print("seed \(seed): \(outcome.noticed) noticed; \(parts)")
      Campaign.report("flips", flips.reduce(0) { $0 + $1.value }, seed)
      for violation in outcome.violations.prefix(20) { print(violation) }
      #expect(outcome.violations.isEmpty)
      #expect(flips.count == FlipCampaign.Part.allCases.count)
    }
  }

  @Test("A scrub finds each row that the index lost, and reads what it named again")
  func lostRows() throws {
    let outcome = try FlipCampaign(seed: 1).loseRows()
    #expect(outcome.violations == [])
    #expect(outcome.count > 30)
  }

  @Test("No number of the index that is wrong loses anything that a scrub does not find again")
  func wrongNumbers() throws {
    for seed in Campaign.seeds(1) {
      var campaign = try FlipCampaign(seed: seed)
      let outcome = try campaign.alterNumbers(atMost: Campaign.size("NUMBERS", 500))
      Campaign.report("numbers", outcome.count, seed)
      for violation in outcome.violations.prefix(20) { print(violation) }
      #expect(outcome.violations.isEmpty)
    }
  }

  /// Reads a record as a store would that trusts checksums and forgets the digest.
  private static let credulous: Promises.Reading = { store, blob in
    guard let found = store.find(blob.digest, in: [blob.realm]) else { return [] }
    let place = found.place
    var bytes = [UInt8](repeating: 0, count: RecordHeader.byteCount + place.storedLength)
    let count = try bytes.withUnsafeMutableBytes {
      try found.segment.file.read(into: $0, at: place.offset)
    }
    return try bytes.withUnsafeBytes { record in
      let payload = UnsafeRawBufferPointer(rebasing: record[RecordHeader.byteCount..<count])
      guard
        case .header(let header) = RecordHeader.parse(
          record, offset: place.offset, salt: found.segment.salt),
        CRC32C.checksum(payload) == header.payloadChecksum
      else { throw StoreError.corrupt("record", "its checksum is wrong") }
      return Array(payload)
    }
  }

  @Test("Bytes with every checksum right and another digest are refused, and their reader caught")
  func forged() throws {
    let scratch = Scratch.inMemory()
    var promises = Promises()
    var random = Seeded(1)
    let blob = promises.send(random.noise(3_000), to: realmA)
    let place: MemoryTable.Place
    do {
      let store = try Store.filled(scratch.path, options: .small)
      try store.put(promises.blobs[blob].bytes, ack: .durable)
      place = try #require(store.find(promises.blobs[blob].digest, in: [realmA])).place
      try store.close()
    }
    let path = try #require(try scratch.segments().first)
    try forge(path, at: place)
    func violations(_ reading: @escaping Promises.Reading) throws -> [String] {
      let store = try Store.filled(scratch.path, options: .small)
      return promises.violations(of: store, levels: [:], keepsAccepted: false, reading: reading)
    }
    #expect(try violations(Self.credulous) == ["blob \(blob) has other bytes"])
    let refusals = try violations(Promises.reading)
    #expect(refusals.count == 1 && refusals[0].contains("cannot be read"), "\(refusals)")
  }

  /// Changes a payload and mends every checksum that covers it.
  private func forge(_ path: FilePath, at place: MemoryTable.Place) throws {
    var bytes = try contents(path)
    guard case .header(let segment) = bytes.withUnsafeBytes({ SegmentHeader.parse($0) }) else {
      return
    }
    let start = Int(place.offset)
    let payload = start + RecordHeader.byteCount
    bytes[payload + 5] ^= 1
    bytes.withUnsafeMutableBytes { bytes in
      let record = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<payload])
      guard
        case .header(let old) = RecordHeader.parse(
          UnsafeRawBufferPointer(record), offset: place.offset, salt: segment.salt)
      else { return }
      let stored = UnsafeRawBufferPointer(rebasing: bytes[payload..<payload + old.storedLength])
      let new = RecordHeader(
        kind: old.kind, codec: old.codec, isPart: old.isPart, rawLength: old.rawLength,
        storedLength: old.storedLength, digest: old.digest, size: old.size,
        payloadChecksum: CRC32C.checksum(stored))
      new.encode(into: record, offset: place.offset, salt: segment.salt)
    }
    try overwrite(path, at: 0, with: bytes)
  }
}
