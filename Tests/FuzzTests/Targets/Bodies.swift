import LarderWire

/// Every binary decoder on the same bytes: each refuses them, or reads what it would write.
func fuzzBodies(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  if let header = FrameHeader(reading: bytes) {
    var written: [UInt8] = []
    header.append(to: &written)
    try hold(bytes.starts(with: written), "a header is written as it was read")
  }
  try reread("HAS", bytes, HasBody.decode) { HasBody.encode($0) }
  try reread("GET", bytes, GetBody.init(decoding:)) { $0.encode() }
  try reread("PUT", bytes, PutHead.init(decoding:)) { written($0.append) }
  try reread("PUT's answer", bytes, PutAnswer.init(decoding:)) { written($0.append) }
  try reread("DROP", bytes, DropBody.decode) { DropBody.encode($0) }
  try reread("an item's head", bytes, GetItemHead.init(decoding:)) { written($0.append) }
  try reread("PLACES", bytes, BlobPlace.decode) { places in
    written { bytes in for place in places { place.append(to: &bytes) } }
  }
  try reread("SLABS", bytes, SlabNotice.decode) { notices in
    written { bytes in for notice in notices { notice.append(to: &bytes) } }
  }
  // Any length is one; the text behind it is read elsewhere.
  _ = try? OpenHead.decode(bytes)
}

private func written(_ append: (inout [UInt8]) -> Void) -> [UInt8] {
  var bytes: [UInt8] = []
  append(&bytes)
  return bytes
}

private func reread<Value: Equatable>(
  _ name: String, _ bytes: UnsafeRawBufferPointer,
  _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Value, _ encode: (Value) -> [UInt8]
) throws(FuzzFinding) {
  // What it refuses has no meaning to keep.
  guard let value = try? decode(bytes) else { return }
  let again = encode(value).withUnsafeBytes { try? decode($0) }
  try hold(again == value, "\(name) is written as it was read")
}
