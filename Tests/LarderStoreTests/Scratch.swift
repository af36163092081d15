import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage

@testable import LarderStore

let realmA = RealmID(1)
let realmB = RealmID(2)

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
