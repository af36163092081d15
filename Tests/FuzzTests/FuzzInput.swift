/// The bytes of one execution, the first of which are choices and the rest content.
struct FuzzInput {
  private(set) var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  /// The next byte; 0 at the end.
  mutating func byte() -> UInt8 {
    guard let first = rest.first else { return 0 }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
    return first
  }

  /// The next `count` bytes, or what is left.
  mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer {
    defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count)) }
    return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
  }
}

/// How a stream is cut into reads: the lengths follow one another over and over.
struct Cuts {
  /// As much as there is room for.
  static let none = Cuts(lengths: [.max])

  private let lengths: [Int]
  private var next = 0

  private init(lengths: [Int]) { self.lengths = lengths }

  /// Four lengths of 1 to 64 bytes from four choices.
  init(_ input: inout FuzzInput) {
    lengths = (0..<4).map { _ in Int(input.byte() & 63) + 1 }
  }

  mutating func length() -> Int {
    defer { next = (next + 1) % lengths.count }
    return lengths[next]
  }
}

extension [UInt8] {
  /// Lends the bytes to a target.
  func lent(_ body: (UnsafeRawBufferPointer) throws(FuzzFinding) -> Void) throws(FuzzFinding) {
    try withUnsafeBufferPointer { (bytes) throws(FuzzFinding) in
      try body(UnsafeRawBufferPointer(bytes))
    }
  }
}
