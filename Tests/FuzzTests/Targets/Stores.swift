import DiskRig
import Glibc
import LarderCore
import LarderPlatform
import SystemPackage

@testable import LarderStore

/// A store opens over whatever a segment's file holds, or says why not. It never hands out bytes
/// under a digest that is not theirs, keeps what is put beside, and finds both again by its index
/// and without one.
func fuzzStores(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  var input = FuzzInput(bytes)
  let mending = SegmentMending(rawValue: input.byte())
  let scratch = Scratch.inMemory()
  let segment = "segments/" + Segment.fileName(SegmentMending.header.id)
  do {
    try scratch.write(["segments": nil, segment: mending.segment(input.rest)])
  } catch {
    preconditionFailure("no file to work with: \(error)")
  }
  try holdStore(scratch) { (store) throws(StoreError) in
    _ = try put(beside, store)
  }
  try holdStore(scratch) { _ in }
  unlink(scratch.path.appending("index.sqlite").string)
  try holdStore(scratch) { _ in }
}

private let realm = SegmentMending.header.realm
private let beside = Array("what was put beside".utf8)

private func put(_ bytes: [UInt8], _ store: Store) throws(StoreError) -> PutResult {
  try bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
    try store.put(UnsafeRawBufferPointer(bytes), realm: realm, ack: .durable)
  }
}

/// Opens the store, lets `work` have it, and reads everything that it shows.
private func holdStore(
  _ scratch: Scratch, _ work: (Store) throws(StoreError) -> Void
) throws(FuzzFinding) {
  var wrong: [Digest] = []
  do throws(StoreError) {
    let store = try Store.open(scratch.path, options: .small)
    try work(store)
    var rest = try store.list(in: realm, after: nil)[...]
    let kept = beside.withUnsafeBytes { RunningDigest.digest($0) }
    if try !isRight(kept, store) { wrong.append(kept) }
    while let blob = rest.popFirst() {
      // Damage is told by an error.
      if (try? isRight(blob.digest, store)) == false { wrong.append(blob.digest) }
      if rest.isEmpty { rest = try store.list(in: realm, after: blob.digest)[...] }
    }
    _ = try store.check()
    try store.close()
  } catch {
    // A newer version's file is left as it is.
    if error.code != .unsupportedFormat {
      throw FuzzFinding(description: "does not hold: a store opens over anything: \(error)")
    }
  }
  try hold(wrong.isEmpty, "what is read has its digest: \(wrong)")
}

/// Reads a blob, and says whether its bytes have its digest.
private func isRight(_ digest: Digest, _ store: Store) throws(StoreError) -> Bool {
  let bytes = try store.read(digest, in: [realm])
  return bytes.withUnsafeBytes { RunningDigest.digest($0) } == digest
}
