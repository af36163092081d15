import DiskRig
import Glibc
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Opening and closing")
struct StoreLockTests {
  let scratch = Scratch()

  @Test("A store that is in use is refused and its holder named, until it is closed or let go")
  func locked() throws {
    let first = try Store.filled(scratch.path, options: .small)
    do {
      _ = try Store.filled(scratch.path, options: .small)
      Issue.record("a second store was opened")
    } catch {
      #expect(error.code == .locked(holder: getpid()))
      #expect(error.message.contains("process \(getpid())"))
    }
    try first.put([1])
    try first.close()
    do {
      _ = try Store.filled(scratch.path, options: .small)
    }
    _ = try Store.filled(scratch.path, options: .small)
  }

  @Test("A closed store refuses everything and finds nothing")
  func closed() throws {
    let store = try Store.filled(scratch.path, options: .small)
    let ingest = try store.beginPut(realm: realmA)
    let name = try store.put([1]).digest
    try store.close()
    #expect(store.stat(name, in: [realmA]) == nil)
    #expect(code { _ = try store.read(name, in: [realmA]) } == .closed)
    #expect(code { try store.put([1]) } == .closed)
    #expect(code { _ = try store.beginPut(realm: realmA) } == .closed)
    #expect(code { try store.sync() } == .closed)
    #expect(code { try store.close() } == .closed)
    #expect(code { _ = try ingest.finish(ack: .accepted) } == .closed)
  }

  @Test("Files are the owner's alone, and a folder that others may write in is refused")
  func modes() throws {
    let path = scratch.path.appending("new")
    let store = try Store.filled(path, options: .small)
    try store.put([1], ack: .durable)
    #expect(try FileSystem.real.status(of: path).permissions == 0o700)
    for name in ["lock", "index.sqlite", "index.sqlite-wal", "segments/0000000000000001.seg"] {
      #expect(try FileSystem.real.status(of: path.appending(name)).permissions == 0o600)
    }
    try store.close()
    chmod(path.string, 0o720)
    #expect(code { _ = try Store.filled(path, options: .small) } == .insecure)
    chmod(path.string, 0o755)
    _ = try Store.filled(path, options: .small)
  }

  @Test("A missing folder above, or a file in its place, is an error that names the path")
  func missing() throws {
    let path = scratch.path.appending("a").appending("b")
    #expect(code { _ = try Store.filled(path, options: .small) } == .io)
    try overwrite(scratch.path.appending("file"), at: 0, with: [1])
    do {
      _ = try Store.filled(scratch.path.appending("file"), options: .small)
      Issue.record("a file was opened as a store")
    } catch {
      #expect(error.code == .io && error.message.contains("\(scratch.path)/file"))
    }
  }

  @Test("A segment of a newer format is refused and left as it is")
  func newer() throws {
    do {
      let store = try Store.filled(scratch.path, options: .small)
      try store.put([1])
      try store.close()
    }
    let path = try #require(try scratch.segments().first)
    var header = Array(try contents(path)[..<64])
    header.withUnsafeMutableBytes { buffer in
      buffer.store(2 as UInt32, at: 8)
      let bytes = UnsafeRawBufferPointer(buffer)
      let salt = SipHash.Key(
        low: bytes.littleEndian(at: 24, as: UInt64.self),
        high: bytes.littleEndian(at: 32, as: UInt64.self))
      buffer.store(SipHash.hash(buffer.first(56), key: salt), at: 56)
    }
    try overwrite(path, at: 0, with: header)
    let before = try contents(path)
    #expect(code { _ = try Store.filled(scratch.path, options: .small) } == .unsupportedFormat)
    #expect(try contents(path) == before)
  }

  @Test("The size of a segment follows the quota, between 2 and 64 MiB")
  func segmentSizes() {
    for (quota, size) in [(1, 2), (64, 2), (128, 4), (2048, 64), (1 << 20, 64)] as [(Int64, Int64)]
    {
      let options = Store.Options(quota: .mebibytes(quota))
      #expect(options.segmentCapacity == size << 20)
      options.check()
    }
  }

  @Test("A full segment is sealed: it ends in a footer that tells its records")
  func sealing() throws {
    var random = Seeded(1)
    let store = try Store.filled(scratch.path, options: .small)
    while try scratch.segments().count < 3 { try store.put(random.noise(900)) }
    try store.sync()
    let segments = store.state.withLock { $0.segments }
    #expect(segments.map(\.phase) == [.sealed, .sealed, .open])
    let first = segments[0]
    let bytes = try contents(first.segment.file.path)
    #expect(bytes.count <= 64 << 10)
    #expect(try first.segment.file.allocatedBytes() == first.fileBytes)
    let entries = bytes[Int(first.end)...].withUnsafeBytes {
      SegmentFooter.parse($0, offset: first.end, salt: first.segment.salt)
    }
    #expect(entries?.count == first.records)
    for entry in entries ?? [] {
      #expect(store.find(entry.header.digest, in: [realmA])?.place.offset == entry.offset)
    }
    // Nothing larger would have fitted.
    #expect(first.end + 976 + Int64(SegmentFooter.byteCount(records: first.records + 1)) > 64 << 10)
  }

  @Test("A long blob of the longest payload fits into the smallest segment")
  func longestRecord() throws {
    var random = Seeded(2)
    let options = Store.Options(quota: .mebibytes(8))
    let store = try Store.filled(scratch.path, options: options)
    let bytes = random.noise(1 << 20)
    try store.put(bytes, ack: .durable)
    #expect(try store.read(digest(bytes), in: [realmA]) == bytes)
  }
}
