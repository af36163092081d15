import LarderCore

/// A reply that may be given more than once: its text is made the first time.
///
/// A plan of a hundred containers is half a megabyte of JSON, which takes longer to write than to
/// compute.
package final class PreparedReply<Body: Sendable>: Sendable {
  package let body: Body
  private let encoded = Locked<[UInt8]?>(nil)

  /// A reply whose text nobody made yet.
  package init(_ body: Body) { self.body = body }

  /// What `encode` gave for the body when it was asked first; two who ask at once may both ask.
  package func text(_ encode: (Body) throws -> [UInt8]) rethrows -> [UInt8] {
    if let text = encoded.withLock({ $0 }) { return text }
    let text = try encode(body)
    encoded.withLock { $0 = text }
    return text
  }
}
