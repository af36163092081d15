/// What a client says on one connection, and how it finds the ends of answers.
///
/// Requests are prepared bytes and answers are looked at in place, by the same few steps for every
/// protocol: so a client costs about the same whoever answers.
protocol Dialogue {
  /// Says what comes before the first request, and waits for its answer.
  mutating func open(_ connection: borrowing ClientSocket) throws

  /// Adds the next requests.
  mutating func ask(_ count: Int, into requests: inout RequestBuffer)

  /// Reads into `buffer`; 0 bytes where nothing came in time.
  mutating func receive(
    from connection: borrowing ClientSocket, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> Int

  /// Looks at the front of what came, which is not inside of a value.
  ///
  /// - Parameter taster: gets bytes of values that are not in `bytes`; nil while time is taken.
  mutating func next(
    in bytes: UnsafeRawBufferPointer, taster: ((UnsafeRawBufferPointer) -> Void)?
  ) throws -> AnswerPart
}

/// What stands at the front of the bytes that came.
struct AnswerPart {
  /// Bytes before the value's; 0 where more have to come before anything can be told.
  var head = 0
  /// Bytes of the value that follow.
  var body = 0
  /// Bytes after them.
  var tail = 0
  /// Bytes of the value that are somewhere else.
  var placed = 0
  /// Whether an answer ends with this part.
  var isLast = false
  /// Which of the requests under way it belongs to, where answers may alternate: below
  /// `requestsMax`.
  var request = 0

  /// A request that waits for a disk may be passed by thousands that do not.
  static let requestsMax = 1 << 14

  /// More has to come.
  static let unknown = AnswerPart()
}

extension Dialogue {
  mutating func open(_ connection: borrowing ClientSocket) {}

  mutating func receive(
    from connection: borrowing ClientSocket, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    try connection.read(into: buffer)
  }
}

/// A peer that did not keep to its protocol, or gave another value.
struct WrongAnswer: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
