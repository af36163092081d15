import BenchRig

/// memcached with its default four threads, and items as large as the largest value.
final class MemcachedServer: Peer {
  let name = "memcached"
  private let folder: ServerFolder
  private let child: Child
  let process: ProcessClock

  var socket: String { folder.socket }

  init(program: String, scratch: String) throws {
    folder = try ServerFolder("memcached", in: scratch)
    child = try folder.start(
      program, ["--unix-socket=\(folder.socket)", "-u", "root", "-m", "1024", "-I", "32m"])
    process = try ProcessClock(child.processID)
  }

  deinit { child.kill() }

  func load(_ values: ValueSet) throws {
    let connection = try ClientSocket(path: socket, isBlocking: true)
    for (number, value) in values.values.enumerated() {
      let head = "ms \(values.name(of: number)) \(value.count)\r\n"
      try connection.write(Array(head.utf8) + value + Array("\r\n".utf8))
      guard try connection.read(exactly: 4) == Array("HD\r\n".utf8) else {
        throw WrongAnswer("memcached: set failed")
      }
    }
  }

  func requests(_ values: ValueSet) -> PreparedRequests {
    PreparedRequests { number in
      Array("mg \(values.name(of: number % values.values.count)) v\r\n".utf8)
    }
  }

  func dialogue(
    _ requests: PreparedRequests, from place: Int, _ values: ValueSet
  ) -> MemcachedDialogue {
    MemcachedDialogue(requests, from: place)
  }
}
