/// Requests as bytes, all equally long, one behind the other; whoever comes to the end begins anew.
final class PreparedRequests {
  let stride: Int
  let count: Int
  fileprivate let bytes: [UInt8]

  /// - Parameter count: more than any client has under way, so that what tells them apart does.
  init(count: Int = 1024, _ request: (Int) -> [UInt8]) {
    var bytes: [UInt8] = []
    for number in 0..<count { bytes += request(number) }
    self.bytes = bytes
    self.count = count
    stride = bytes.count / count
    precondition(stride * count == bytes.count, "requests are equally long")
  }
}

/// A client's place in them.
struct RequestCursor {
  private let requests: PreparedRequests
  private var place: Int

  var stride: Int { requests.stride }

  init(_ requests: PreparedRequests, from place: Int) {
    self.requests = requests
    self.place = place % requests.count
  }

  mutating func copy(_ count: Int, into buffer: inout RequestBuffer) {
    var rest = count
    while rest > 0 {
      let part = min(rest, requests.count - place)
      requests.bytes.withUnsafeBytes { bytes in
        let start = place * requests.stride
        buffer.append(
          UnsafeRawBufferPointer(rebasing: bytes[start..<start + part * requests.stride]))
      }
      rest -= part
      place = (place + part) % requests.count
    }
  }
}

/// Where requests are put together before they leave in one write.
struct RequestBuffer: ~Copyable {
  private let memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 64 << 10, alignment: 64)
  private(set) var count = 0

  deinit { memory.deallocate() }

  var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  mutating func removeAll() { count = 0 }
}
