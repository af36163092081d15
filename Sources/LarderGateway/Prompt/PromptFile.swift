import HTTPTypes
import LarderCore
import NIOCore

/// A whole file of a release as HTTP/1.1 sends it, its fields included.
struct PromptFile: Sendable {
  /// Which request it answers, besides who may ask.
  struct Key: Hashable, Sendable {
    /// As it was sent, without a query: one file may have several names.
    let target: String
    /// `Accept-Encoding` as it was sent; nil without one.
    let codings: String?

    /// Nil for a target that is not kept: queries are for whoever sends them, and everyone would be
    /// another file.
    init?(target: String, codings: String?) {
      guard !target.utf8.contains(UInt8(ascii: "?")) else { return nil }
      self.target = target
      self.codings = codings
    }
  }

  /// The stored content that it was made of: while that can be read, the file is there.
  let source: Digest
  /// The status and the fields, each with its line's end, without those that tell time, or of whoever
  /// asks.
  let head: ByteBuffer
  let body: ByteBuffer
  let phase: String
  /// What is noted of each answer with it, as of the first.
  let answer: Answer

  /// - Parameters:
  ///   - source: of the build's own file, which `representation` may be an encoding of.
  ///   - body: all of `representation`.
  ///   - answer: how the request was read.
  ///   - isPublic: whether it is the same for everybody.
  init(
    _ representation: Representation, of source: Digest, _ body: ByteBuffer, as answer: Answer,
    isPublic: Bool
  ) {
    var answer = answer
    answer.status = .ok
    answer.trace = nil
    answer.sentBytes = Int64(body.readableBytes)
    self.answer = answer
    var fields = ReplyFields.common(for: isPublic ? CallerRules.everybody : nil)
    // Those that say who may read it are added for each.
    fields[.accessControlAllowOrigin] = nil
    fields[.timingAllowOrigin] = nil
    fields[.accessControlExposeHeaders] = nil
    ReplyFields.add(representation, to: &fields, isPublic: isPublic)
    fields[.contentLength] = String(body.readableBytes)
    var head = ByteBuffer()
    head.writeStaticString("HTTP/1.1 200 OK\r\n")
    for field in fields { head.writeString("\(field.name.rawName): \(field.value)\r\n") }
    self.head = head
    self.source = source
    self.body = body
    phase = representation.phase
  }
}
