import LarderCore
import LarderWire

@testable import LarderClient

/// Whatever the reads that a reply comes in, the client's side sees the same frames and items and
/// the same end; and every descriptor that came along is closed when the connection is.
func fuzzReplies(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  var input = FuzzInput(bytes)
  let cuts = Cuts(&input)
  let script = ReplyScript(&input)
  let whole = try replies(to: script, Cuts.none)
  let cut = try replies(to: script, cuts)
  try hold(PassedDescriptor.areClosed, "no descriptor stays open")
  // Too few descriptors with one frame are made up for by those of the next, if a read brings both.
  guard !whole.isShort, !cut.isShort else { return }
  try hold(whole.events == cut.events, "the reads do not matter: \(whole.events), \(cut.events)")
}

/// What a daemon sends: bytes, and with the first byte of some frames descriptors.
private struct ReplyScript {
  let stream: UnsafeRawBufferPointer
  /// By the place of the byte that they come with, in order.
  let descriptors: [(place: Int, kinds: [UInt8])]
  let items: [GetItem]

  init(_ input: inout FuzzInput) {
    let digest = [UInt8](repeating: 0, count: Digest.byteCount).withUnsafeBytes(
      Digest.init(copying:))
    items = (0..<Int(input.byte() & 3) + 1).map { _ in
      let range = input.byte()
      return GetItem(
        digest, offset: UInt64(range & 15), length: range < 128 ? nil : UInt64(range >> 4 & 7))
    }
    let choices = (0..<4).map { _ in input.byte() }
    stream = input.rest
    var found: [(Int, [UInt8])] = []
    var place = 0
    while let header = FrameHeader(reading: UnsafeRawBufferPointer(rebasing: stream[place...])),
      found.count < choices.count
    {
      if header.flags.contains(.slabs) {
        let choice = choices[found.count]
        found.append((place, (0..<Int(choice & 3)).map { choice >> (2 + 2 * UInt8($0)) & 3 }))
      }
      place = min(stream.count, place + FrameHeader.byteCount + Int(header.length))
    }
    descriptors = found
  }
}

private enum ReplyEvent: Equatable {
  case frame(ReplyFrame, body: [UInt8])
  case refused(String)
  case connectionError([UInt8])
  case answers([Int])
  case violation(WireError)
  case end(unread: Int)
}

private func replies(
  to script: ReplyScript, _ cuts: Cuts
) throws(FuzzFinding) -> (events: [ReplyEvent], isShort: Bool) {
  var (cuts, place, pending) = (cuts, 0, script.descriptors[...])
  var buffer = FrameBuffer()
  var slabs = SlabTable()
  var state = ClientConnectionState()
  var reader = ReplyReader(script.items, &state)
  var events: [ReplyEvent] = []
  while true {
    switch state.next(in: buffer.unread) {
    case .needs(let count):
      try hold(
        count > buffer.count && count <= FrameBuffer.bytesMax,
        "\(count) bytes are more than \(buffer.count), and a frame at most")
      guard place < script.stream.count else {
        return (events + [.end(unread: buffer.count)], false)
      }
      let space = buffer.space(toHold: count)
      var end = min(place + min(cuts.length(), space.count), script.stream.count)
      // As the kernel has it: a read brings the descriptors of one message at most.
      if let first = pending.first, first.place < end {
        if let second = pending.dropFirst().first { end = min(end, second.place) }
        slabs.descriptors += first.kinds.map(PassedDescriptor.open)
        pending.removeFirst()
      }
      space.copyMemory(from: UnsafeRawBufferPointer(rebasing: script.stream[place..<end]))
      buffer.append(filled: end - place)
      place = end
    case .frame(let frame, let consumed):
      let body = UnsafeRawBufferPointer(rebasing: buffer.unread[frame.body])
      events.append(.frame(frame, body: Array(body)))
      if frame.isSlabs, !frame.isError, !frame.isLast {
        let wanted = (try? SlabNotice.decode(body).count) ?? 0
        if slabs.descriptors.count < wanted { return (events, true) }
        do throws(WireError) { try slabs.take(body) } catch {
          return (events + [.violation(error)], false)
        }
      } else if !frame.isError {
        do throws(ClientError) {
          events.append(.answers(try reader.take(frame, body, slabs: slabs)))
        } catch {
          return (events + [.refused(error.message)], false)
        }
      }
      buffer.consume(consumed)
    case .connectionError(let body):
      return (events + [.connectionError(Array(buffer.unread[body]))], false)
    case .violation(let error):
      try hold(state.next(in: buffer.unread) == .violation(error), "a violation is the end")
      return (events + [.violation(error)], false)
    }
  }
}

/// The requests that the script answers, with their readers: GET of places (1), GET of bytes (2)
/// and OPEN (3).
private struct ReplyReader {
  private var places: PlacesReader
  private var progress: GetProgress
  private var open = OpenReader()

  init(_ items: [GetItem], _ state: inout ClientConnectionState) {
    places = PlacesReader(items: items[...])
    progress = GetProgress(items: items[...])
    for verb in [Verb.get, .get, .open, .stats] { _ = state.begin(verb) }
  }

  /// - Returns: the bytes of each answer so far.
  mutating func take(
    _ frame: ReplyFrame, _ body: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(ClientError) -> [Int] {
    switch frame.id {
    case 1:
      try places.take(frame, body, slabs: slabs)
      // Touched to the last byte, so that a place outside of its slab is met.
      return places.answers.map { $0.blob.bytes.count }
    case 2:
      do throws(WireError) {
        let head = try GetItemHead(decoding: body)
        try progress.take(
          head, bytes: body.count - GetItemHead.byteCount, isLast: frame.isLast)
      } catch { throw ClientError(error) }
      return [progress.item]
    case 3:
      var counts: [Int] = []
      try open.take(body) { _, _, bytes in counts.append(bytes.count) }
      return counts
    default: return []
    }
  }
}
