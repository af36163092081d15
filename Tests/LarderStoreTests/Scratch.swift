import Glibc
import LarderCore
import LarderPlatform
import SystemPackage

@testable import LarderStore

/// A folder for one test, removed at its end.
final class Scratch {
  let path: FilePath

  /// - Parameter parent: the folder that it is made in.
  init(in parent: String = "/tmp") {
    var template = Array("\(parent)/larder-store-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary folder")
    path = FilePath(platformString: template)
  }

  /// A folder in memory, where there is one: for tests that make thousands of stores, whose syncs
  /// then cost nothing.
  static func inMemory() -> Scratch {
    Scratch(in: access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")
  }

  deinit { Scratch.remove(path) }

  /// Makes the files of a disk here, by name; nil is a folder.
  func write(_ files: [String: [UInt8]?]) throws {
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      if let bytes {
        try overwrite(path.pushing(FilePath(name)), at: 0, with: bytes)
      } else {
        _ = try FileSystem.real.createDirectory(path.pushing(FilePath(name)))
      }
    }
  }

  /// All files here and one folder deep, by name; nil is a folder.
  func files() throws -> [String: [UInt8]?] {
    var files: [String: [UInt8]?] = [:]
    for name in try FileSystem.real.names(in: path) {
      guard let inner = try? FileSystem.real.names(in: path.appending(name)) else {
        files[name] = try contents(path.appending(name))
        continue
      }
      files[name] = .some(nil)
      for file in inner {
        files["\(name)/\(file)"] = try contents(path.appending(name).appending(file))
      }
    }
    return files
  }

  private static func remove(_ path: FilePath) {
    if let names = try? FileSystem.real.names(in: path) {
      for name in names { remove(path.appending(name)) }
      rmdir(path.string)
    } else {
      unlink(path.string)
    }
  }

  /// The segment files, oldest first.
  func segments() throws -> [FilePath] {
    let folder = path.appending("segments")
    return try FileSystem.real.names(in: folder).map { folder.appending($0) }
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): a test's randomness, from a seed that it prints.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// Bytes that LZ4 cannot shorten.
  mutating func noise(_ count: Int) -> [UInt8] {
    // Eight at a time: tests without optimisation spend their time here.
    [UInt8](unsafeUninitializedCapacity: count + 8) { buffer, filled in
      for place in stride(from: 0, to: count, by: 8) {
        UnsafeMutableRawBufferPointer(buffer).storeBytes(
          of: next(), toByteOffset: place, as: UInt64.self)
      }
      filled = count
    }
  }

  /// Bytes that LZ4 shortens well.
  mutating func text(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += Array("export const n\(next() % 100) = 1;\n".utf8) }
    return Array(bytes.prefix(count))
  }
}

let realmA = RealmID(1)
let realmB = RealmID(2)

extension Store.Options {
  /// Chunks of up to 4 KiB, segments of 64 KiB and slabs of 32 KiB, so that few bytes make large
  /// blobs, many segments and a full hot tier.
  static let small = Store.Options(
    quota: .mebibytes(32), segmentSize: .kibibytes(64), chunkedAbove: .kibibytes(4),
    chunkSizes: ChunkSizes(minimum: 1 << 10, average: 2 << 10, maximum: 4 << 10),
    blobSizeMax: .kibibytes(256), hotMemory: .kibibytes(256), slabSize: .kibibytes(32))
}

extension Store {
  /// An open store whose memory holds all that its index knows.
  static func filled(
    _ directory: FilePath, options: Options = Options(), system: FileSystem = .real,
    clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) throws(StoreError) -> Store {
    let store = try open(directory, options: options, system: system, clock: clock)
    store.waitUntilFilled()
    return store
  }

  @discardableResult
  func put(_ bytes: [UInt8], in realm: RealmID = realmA, ack: AckLevel = .accepted) throws
    -> PutResult
  {
    try bytes.withUnsafeBytes { try put($0, realm: realm, ack: ack) }
  }
}

/// The chunks that a large blob is stored as under `Store.Options.small`.
func chunks(of bytes: [UInt8]) -> [[UInt8]] {
  let cutter = FastCDC(Store.Options.small.chunkSizes)
  var chunks: [[UInt8]] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    let length = rest.withUnsafeBytes { cutter.cut($0).length }
    chunks.append(Array(rest.prefix(length)))
    rest = rest.dropFirst(length)
  }
  return chunks
}

func digest(_ bytes: [UInt8]) -> Digest {
  bytes.withUnsafeBytes { RunningDigest.digest($0) }
}

/// The code of the store's error that `body` throws; nil where it throws none.
func code(_ body: () throws -> Void) -> StoreError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? StoreError)?.code
  }
}

/// All bytes of a file.
func contents(_ path: FilePath) throws -> [UInt8] {
  let file = try FileSystem.real.open(path, for: .read)
  var bytes = [UInt8](repeating: 0, count: Int(try file.size()))
  let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
  return Array(bytes.prefix(count))
}

/// Replaces a file's bytes from an offset on.
func overwrite(_ path: FilePath, at offset: Int, with bytes: [UInt8]) throws {
  let file = try FileSystem.real.open(path, for: .readWriteOrCreate)
  try bytes.withUnsafeBytes { try file.write($0, at: Int64(offset)) }
}

/// Cuts a file.
func truncate(_ path: FilePath, to size: Int) throws {
  let file = try FileSystem.real.open(path, for: .readWrite)
  try file.truncate(to: Int64(size))
}
