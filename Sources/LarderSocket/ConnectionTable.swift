import LarderWire

/// The open connections: found by number, counted by user, and held to one budget of memory.
///
/// The budget is one for all, since a bound for each, times so many connections, bounds nothing. As
/// it fills, connections are let queue less; where that does not do, the one that holds most goes.
struct ConnectionTable {
  private let limits: SocketLimits
  private var connections: [UInt64: Connection] = [:]
  private var users: [UInt32: Int] = [:]

  init(_ limits: SocketLimits) { self.limits = limits }

  var count: Int { connections.count }
  var isEmpty: Bool { connections.isEmpty }
  var all: [Connection] { Array(connections.values) }
  var numbers: [UInt64] { Array(connections.keys) }

  subscript(number: UInt64) -> Connection? { connections[number] }

  /// Why one more of this user is not taken; nil if it is.
  func refusal(of user: UInt32) -> WireError? {
    if connections.count >= limits.connectionsMax {
      return WireError(.busy, "all \(limits.connectionsMax) connections are in use")
    }
    if users[user, default: 0] >= limits.connectionsPerUserMax {
      return WireError(
        .busy, "all \(limits.connectionsPerUserMax) connections of one user are in use")
    }
    return nil
  }

  mutating func insert(_ connection: Connection) {
    connections[connection.number] = connection
    users[connection.user, default: 0] += 1
  }

  /// Forgets a connection; false where it is not here.
  mutating func remove(_ connection: Connection) -> Bool {
    guard connections.removeValue(forKey: connection.number) != nil else { return false }
    let rest = users[connection.user, default: 1] - 1
    users[connection.user] = rest == 0 ? nil : rest
    return true
  }

  /// The connection that holds most; a look at all of them.
  var largest: Connection? {
    connections.values.max { $0.heldBytes < $1.heldBytes }
  }
}

/// Bytes that all connections of a loop hold: frames that came in part, answers that wait, content
/// that waits for the disk. Slabs are the store's, and in a budget of theirs.
final class HeldMemory {
  private let max: Int
  private(set) var bytes = 0

  init(max: Int) { self.max = max }

  /// Half of it is taken: whoever has something queued may not queue much more.
  var isTight: Bool { bytes > max / 2 }
  var isExceeded: Bool { bytes > max }

  func change(by difference: Int) { bytes += difference }
}
