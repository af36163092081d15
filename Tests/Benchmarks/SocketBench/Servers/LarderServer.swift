import BenchRig
import Crypto
import LarderCore
import LarderWire

/// `larderd` as in production: sizes, rights, leases and counters are what they are by default.
final class LarderServer {
  let folder: ServerFolder
  let child: Child
  private var digests: [Int: [LarderCore.Digest]] = [:]

  init(program: String, scratch: String) throws {
    folder = try ServerFolder("larder", in: scratch)
    child = try folder.start(
      program,
      ["--store", "\(folder.path)/store", "--socket", folder.socket, "--log-level", "warning"])
  }

  deinit { child.kill() }

  /// - Returns: the values' digests.
  @discardableResult
  func load(_ values: ValueSet) throws -> [LarderCore.Digest] {
    let connection = try ClientSocket(path: folder.socket, isBlocking: true)
    try LarderRequests.open(connection)
    for (number, value) in values.values.enumerated() {
      try put(value, id: UInt64(number + 1), on: connection)
    }
    return digests(of: values)
  }

  private func put(_ value: [UInt8], id: UInt64, on connection: borrowing ClientSocket) throws {
    let head = PutHead(ack: .accepted, digest: nil, size: ByteCount(Int64(value.count)))
    var start = min(value.count, WireLimits.contentFrameBytes)
    var frame: [UInt8] = []
    var body: [UInt8] = []
    head.append(to: &body)
    frame.appendFrame(
      .put, start < value.count ? .more : [], id: id, body: body + value[..<start])
    try connection.write(frame)
    while start < value.count {
      let end = min(start + WireLimits.contentFrameBytes, value.count)
      frame = []
      frame.appendFrame(
        .put, end < value.count ? [.data, .more] : .data, id: id, body: value[start..<end])
      try connection.write(frame)
      start = end
    }
    _ = try LarderRequests.answer(on: connection)
  }

  func requests(_ values: ValueSet, as reply: ContentReply) -> PreparedRequests {
    LarderRequests.gets(digests(of: values), as: reply)
  }

  private func digests(of values: ValueSet) -> [LarderCore.Digest] {
    if let known = digests[values.size] { return known }
    let digests = values.values.map { value in
      SHA256.hash(data: value).withUnsafeBytes { LarderCore.Digest(copying: $0) }
    }
    self.digests[values.size] = digests
    return digests
  }
}

/// Blobs as bytes.
struct LarderBytes: Peer {
  let server: LarderServer
  let name = "larder"
  var socket: String { server.folder.socket }
  let process: ProcessClock

  init(_ server: LarderServer) throws {
    self.server = server
    process = try ProcessClock(server.child.processID)
  }

  func requests(_ values: ValueSet) -> PreparedRequests { server.requests(values, as: .bytes) }

  func dialogue(
    _ requests: PreparedRequests, from place: Int, _ values: ValueSet
  ) -> BytesDialogue {
    BytesDialogue(requests, from: place)
  }
}

/// Blobs as places in slabs; one byte of each page, or of each line of the cache, is read.
struct LarderPlaces: Peer {
  let server: LarderServer
  let strideBytes: Int
  var name: String { strideBytes == 64 ? "larder places, each line" : "larder places" }
  var socket: String { server.folder.socket }
  let process: ProcessClock

  init(_ server: LarderServer, touchingEach strideBytes: Int) throws {
    self.server = server
    self.strideBytes = strideBytes
    process = try ProcessClock(server.child.processID)
  }

  func requests(_ values: ValueSet) -> PreparedRequests { server.requests(values, as: .places) }

  func dialogue(
    _ requests: PreparedRequests, from place: Int, _ values: ValueSet
  ) -> PlacesDialogue {
    PlacesDialogue(requests, from: place, touchingEach: strideBytes)
  }
}
