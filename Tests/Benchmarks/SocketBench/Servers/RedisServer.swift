import BenchRig

/// redis, in memory alone: without files, as its GETs are fastest.
final class RedisServer: Peer {
  let name = "redis"
  private let folder: ServerFolder
  private let child: Child
  let process: ProcessClock

  var socket: String { folder.socket }

  init(program: String, scratch: String) throws {
    folder = try ServerFolder("redis", in: scratch)
    child = try folder.start(
      program,
      [
        "--port", "0", "--unixsocket", folder.socket, "--save", "", "--appendonly", "no",
        "--loglevel", "warning",
      ])
    process = try ProcessClock(child.processID)
  }

  deinit { child.kill() }

  func load(_ values: ValueSet) throws {
    let connection = try ClientSocket(path: socket, isBlocking: true)
    for (number, value) in values.values.enumerated() {
      try connection.write(
        Self.command(["SET", values.name(of: number)]) { Array("$\(value.count)\r\n".utf8) + value }
      )
      guard try connection.read(exactly: 5) == Array("+OK\r\n".utf8) else {
        throw WrongAnswer("redis: SET failed")
      }
    }
  }

  func dialogue(
    _ requests: PreparedRequests, from place: Int, _ values: ValueSet
  ) -> RedisDialogue {
    RedisDialogue(requests, from: place)
  }

  func requests(_ values: ValueSet) -> PreparedRequests {
    PreparedRequests { number in
      Self.command(["GET", values.name(of: number % values.values.count)]) { [] }
    }
  }

  /// An array of bulk strings; `last` gives one more.
  private static func command(_ words: [String], last: () -> [UInt8]) -> [UInt8] {
    let end = last()
    var bytes = Array("*\(words.count + (end.isEmpty ? 0 : 1))\r\n".utf8)
    for word in words { bytes += Array("$\(word.utf8.count)\r\n\(word)\r\n".utf8) }
    return end.isEmpty ? bytes : bytes + end + Array("\r\n".utf8)
  }
}
