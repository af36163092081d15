import LarderCore
import LarderMessages
import LarderWire

/// Takes the reply to an OPEN of places: frames with length and JSON, then the blobs as in a GET.
struct OpenPlacesReader: ReplyReader {
  /// What an OPEN came to.
  struct Answer: Sendable {
    let head: OpenMessage.Head
    /// The JSON of `head`.
    let text: [UInt8]
    /// In the order of `head.blobs`.
    let blobs: [MappedBlob]
  }

  private var start = OpenHeadReader()
  private var places: PlacesReader?

  mutating func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(ClientError) {
    guard places == nil else {
      try places?.take(frame, bytes, slabs: slabs)
      return
    }
    guard frame.isData else { throw OpenPlacesReader.outOfOrder }
    let rest = try start.take(bytes)
    guard let head = start.head else { return }
    guard rest.isEmpty else { throw OpenPlacesReader.outOfOrder }
    places = PlacesReader(items: head.blobs.map { GetItem($0.digest) }[...])
  }

  func answer() throws(ClientError) -> Answer {
    guard let head = start.head, let places, places.answers.count == head.blobs.count,
      places.answers.allSatisfy({ $0.status == .found })
    else { throw ClientError(WireError(.truncated, "OPEN's reply ended within its blobs")) }
    return Answer(head: head, text: start.text, blobs: places.answers.map(\.blob))
  }

  private static var outOfOrder: ClientError {
    ClientError(WireError(.malformedFrame, "OPEN's JSON does not come before its blobs"))
  }
}
