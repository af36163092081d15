import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Faults of the disk")
struct StoreFaultTests {
  let scratch = Scratch()
  let faults = Faults()

  private func open() throws -> Store {
    try Store.filled(scratch.path, options: .small, system: faults.system)
  }

  @Test(
    "A full disk refuses the put, keeps the rest readable, and lets go by itself",
    arguments: [FileCall.pwrite, .fallocate, .open])
  func noSpace(call: FileCall) throws {
    var random = Seeded(1)
    let before = random.noise(3000)
    let small = random.noise(3000)
    let large = random.noise(200_000)
    let store = try open()
    try store.put(before, ack: .durable)
    faults.fail(call, .noSpace)
    if call == .pwrite {
      #expect(code { try store.put(small) } == .noSpace)
      #expect(store.stat(digest(small), in: [realmA]) == nil)
    }
    // More than one segment holds: it fails half-way.
    #expect(code { try store.put(large, ack: .durable) } == .noSpace)
    #expect(store.stat(digest(large), in: [realmA]) == nil)
    #expect(try store.read(digest(before), in: [realmA]) == before)
    #expect(code { try store.put(small, in: realmB) } == .noSpace)
    faults.set(nil)
    try store.put(small)
    try store.put(large, ack: .durable)
    #expect(try store.read(digest(large), in: [realmA]) == large)
    try store.close()
    let again = try open()
    #expect(again.opening == OpeningReport())
    #expect(try again.read(digest(small), in: [realmA]) == small)
    #expect(try again.read(digest(large), in: [realmA]) == large)
  }

  @Test("A put that a full disk tore in its middle is no blob after the process died")
  func tornByFullDisk() throws {
    var random = Seeded(2)
    let kept = random.noise(1000)
    let torn = random.noise(3000)
    do {
      let store = try open()
      try store.put(kept)
      let written = Locked(0)
      faults.set { call, _, count in
        guard call == .pwrite else { return nil }
        // Half of it is written, then nothing more.
        return written.withLock { done in
          defer { done += 1 }
          return done == 0 ? .shorten(count / 2) : .fail(.noSpace)
        }
      }
      #expect(code { try store.put(torn) } == .noSpace)
      faults.set(nil)
    }
    let store = try open()
    #expect(store.opening.truncatedSegments == 1)
    #expect(store.stat(digest(torn), in: [realmA]) == nil)
    #expect(try store.read(digest(kept), in: [realmA]) == kept)
    try store.put(torn)
    #expect(try store.read(digest(torn), in: [realmA]) == torn)
  }

  @Test("Short and interrupted calls change nothing")
  func shortCalls() throws {
    var random = Seeded(3)
    let turn = Locked(0)
    faults.set { call, _, count in
      let number = turn.withLock {
        $0 += 1; return $0
      }
      switch call {
      case .pread, .pwrite:
        return number % 3 == 0 ? .fail(.interrupted) : .shorten(1 + number % 700)
      case .fdatasync, .fsyncDirectory, .readdir: return nil
      default: return number % 2 == 0 ? .fail(.interrupted) : nil
      }
    }
    let blobs = [random.text(100), random.noise(4096), random.noise(30_000)]
    do {
      let store = try open()
      for blob in blobs { try store.put(blob) }
      for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    }
    let store = try open()
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
  }

  @Test("A record that the device cannot read is a miss and can be put again")
  func unreadable() throws {
    let bytes = Array("gone".utf8)
    let store = try open()
    try store.put(bytes)
    faults.fail(.pread, .ioError)
    #expect(code { _ = try store.read(digest(bytes), in: [realmA]) } == .corrupt)
    faults.set(nil)
    #expect(store.stat(digest(bytes), in: [realmA]) == nil)
    #expect(!(try store.put(bytes).deduplicated))
    #expect(try store.read(digest(bytes), in: [realmA]) == bytes)
    try store.close()
    #expect(try open().read(digest(bytes), in: [realmA]) == bytes)
  }

  @Test("The quota refuses a new segment, in bytes as reserved, and reads go on")
  func quota() throws {
    var random = Seeded(7)
    var options = Store.Options.small
    options.waitsForKept = true
    // Three segments, room for one more, and what the index and its log take.
    options.quota = .kibibytes(64 * 4 + 60)
    let store = try Store.filled(scratch.path, options: options)
    var stored: [[UInt8]] = []
    let refusal = code {
      for _ in 0..<100 {
        let bytes = random.noise(4000)
        try store.put(bytes)
        stored.append(bytes)
      }
    }
    #expect(refusal == .noSpace)
    #expect(stored.count > 15)
    #expect(store.statistics.diskBytes <= options.quota)
    for bytes in stored { #expect(try store.read(digest(bytes), in: [realmA]) == bytes) }
  }
}
