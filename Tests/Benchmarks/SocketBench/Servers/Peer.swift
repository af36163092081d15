import BenchRig

/// A running server that has all values, and one way to ask it for them.
protocol Peer {
  associatedtype Speech: Dialogue

  var name: String { get }
  var socket: String { get }
  var process: ProcessClock { get }

  /// Whether it can give values of so many bytes.
  func takes(_ valueSize: Int) -> Bool

  /// What all connections ask for, by turns.
  func requests(_ values: ValueSet) -> PreparedRequests

  /// What a connection says that begins at `place`.
  func dialogue(_ requests: PreparedRequests, from place: Int, _ values: ValueSet) -> Speech
}

extension Peer {
  func takes(_ valueSize: Int) -> Bool { true }

  /// Compares every byte of every value.
  func verify(_ values: ValueSet) throws {
    let connection = try LoadConnection(
      dialogue(requests(values), from: 0, values), path: socket, valueSize: values.size, depth: 1,
      isBlocking: true)
    for (number, value) in values.values.enumerated() {
      var place = 0
      var isSame = true
      try connection.fetch { bytes in
        isSame =
          isSame && place + bytes.count <= value.count
          && value[place..<place + bytes.count].elementsEqual(bytes)
        place += bytes.count
      }
      guard isSame, place == value.count else {
        throw WrongAnswer("\(name): value \(number) of \(values.size) bytes is another")
      }
    }
  }

  func measure(_ run: LoadRun, _ values: ValueSet) throws -> LoadResult {
    let requests = requests(values)
    // Connections begin at different values: a prime apart.
    return try run.measure(socket, server: process) { connection in
      dialogue(requests, from: connection * 37, values)
    }
  }
}
