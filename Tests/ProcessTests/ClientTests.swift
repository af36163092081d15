import Foundation
import LarderClient
import LarderCore
import Testing

@Suite("The client for tasks, when its daemon goes")
struct ClientTests {
  private static func client(_ daemon: DaemonProcess) -> LarderClient {
    var options = LarderClient.Options(name: "process-test")
    // A daemon of this test answers within that, or not at all.
    options.connectTimeout = .seconds(30)
    options.readTimeout = .seconds(30)
    options.replyTimeout = .seconds(30)
    options.reconnectPauseMax = .milliseconds(50)
    return LarderClient(socketPath: daemon.socket, options: options)
  }

  @Test(
    "misses what it was reading, says what it could not write, and goes on with the next daemon")
  func killed() async throws {
    let folder = try Scratch()
    let reached = Gate()
    let gate = Gate()
    defer { gate.open() }
    let origin = try ScriptedOrigin { _ in
      reached.open()
      return ScriptedOrigin.Answer(steps: [.wait(gate), .bytes([1])])
    }
    defer { origin.stop() }
    let first = try await blocking { try DaemonProcess.start(in: folder) }
    let client = Self.client(first)
    var generator = SeededGenerator(seed: 1)
    let contents = [10, 100_000, 9_000_000].map { generator.bytes($0) }
    var names: [BlobDigest] = []
    for content in contents { names.append(try await client.put(content, .durable).digest) }
    let blobs = try await client.map(names)
    #expect(blobs.map { $0?.bytes } == contents)

    // One that the daemon has begun, and others that it has not read: it stands still.
    let fetch = Task { try await client.ensure(origin.url) }
    try await blocking { reached.wait() }
    first.pause()
    let reads = Task { [names] in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<200 {
          group.addTask { try await client.get(names[number % names.count]) == nil }
        }
        return try await group.allSatisfy { $0 }
      }
    }
    let write = Task { [contents] in try await client.put(contents[2] + [1]) }
    try await blocking { first.kill() }
    #expect(try await reads.value)
    let failures = [
      await #expect(throws: ClientError.self) { try await write.value },
      await #expect(throws: ClientError.self) { try await fetch.value },
    ]
    #expect(failures.allSatisfy { $0?.isUnavailable == true })
    #expect(try await client.has(names) == [false, false, false])
    // The daemon's memory is still there for who had mapped it.
    #expect(blobs.map { $0?.bytes } == contents && blobs.allSatisfy { $0?.isShared == true })

    let second = try await blocking { try DaemonProcess.start(in: folder) }
    #expect(second.socket == first.socket)
    #expect(try await settle { try await client.has(names[0]) })
    #expect(try await client.map(names).map { $0?.bytes } == contents)
    #expect(try await client.put(contents[0]).existed)
  }

  @Test("does not wait for one that stands still, and goes on when that does")
  func stopped() async throws {
    let folder = try Scratch()
    let daemon = try await blocking { try DaemonProcess.start(in: folder) }
    var options = LarderClient.Options(name: "process-test")
    options.connectTimeout = .milliseconds(50)
    options.readTimeout = .milliseconds(50)
    options.replyTimeout = .milliseconds(50)
    options.reconnectPauseMax = .milliseconds(50)
    let hasty = LarderClient(socketPath: daemon.socket, options: options)
    let patient = Self.client(daemon)
    let name = try await patient.put([1, 2, 3], .durable).digest
    #expect(try await settle { try await hasty.get(name) == [1, 2, 3] })
    daemon.pause()
    for _ in 0..<3 {
      #expect(try await hasty.get(name) == nil)
      #expect(try await hasty.map(name) == nil)
      let error = await #expect(throws: ClientError.self) { try await hasty.put([1]) }
      #expect(error?.isUnavailable == true)
    }
    let waits = Task { try await patient.get(name) }
    daemon.resume()
    #expect(try await waits.value == [1, 2, 3])
    #expect(try await settle { try await hasty.get(name) == [1, 2, 3] })
  }

  @Test("takes a load plan and all bytes of it in one reply, in memory that is shared")
  func open() async throws {
    let folder = try Scratch()
    let graph = try BuiltGraph.nested()
    let daemon = try await blocking { () -> DaemonProcess in
      let daemon = try DaemonProcess.start(in: folder)
      for name in ["b", "c"] {
        let outcome = try daemon.larder("publish", name, graph.container(name).path)
        #expect(outcome.status == 0, "\(outcome)")
      }
      return daemon
    }
    let client = Self.client(daemon)
    let module = LarderClient.ExposedModule("b", "./B")
    let plan = try #require(try await client.open([module], reachable: true))
    #expect(plan.problems.isEmpty && plan.files.map(\.container).contains("c"))
    #expect(plan.files.first?.kind == "entry" && plan.files.first?.isRequired == true)
    for file in plan.files {
      let expected = try graph.files(of: file.container)[file.path]
      #expect(file.content?.bytes == expected && file.content?.isShared == true, "\(file.path)")
    }
    let text = try #require(
      try JSONSerialization.jsonObject(with: Data(plan.json)) as? [String: Any])
    #expect((text["plan"] as? [String: Any])?["executionOrder"] is [Any])
    let have = try #require(plan.files.first?.digest)
    let rest = try #require(try await client.open([module], except: [have]))
    #expect(
      rest.files.filter { $0.content == nil }.allSatisfy { !$0.isRequired || $0.digest == have })
    let absent = try #require(
      try await client.open([.init("nobody", "./X")], for: .init(name: "shell", target: .web)))
    #expect(absent.problems.map(\.kind) == ["unknownRemote"])
    #expect(absent.problems.first?.container == "nobody" && absent.files.isEmpty)
    try await blocking { daemon.kill() }
    #expect(try await client.open([module]) == nil)
  }

  @Test("as the manual's program shows it, makes a thing once, and goes on without a daemon")
  func example() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      try folder.write("let a = 1;".utf8, to: "a.js")
      func run(_ environment: [String: String]) throws -> String {
        let outcome = try Outcome.of(
          ChildProcess.programs.appending(path: "client-example").path, [folder.path("a.js")],
          environment: environment)
        #expect(outcome.status == 0, "\(outcome)")
        return String(outcome.text.drop { $0 != ":" })
      }
      let socket = ["LARDER_SOCKET": daemon.socket]
      #expect(try run(socket) == ": 7 bytes, stored\n")
      #expect(try run(socket) == ": 7 bytes, made before\n")
      #expect(try run(["LARDER": "off"]) == ": 7 bytes, and no daemon to keep them\n")
    }
  }

  @Test("goes on where its process may open no further file, at whichever file that is")
  func descriptors() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      try folder.write("let a = 1;".utf8, to: "a.js")
      let program = ChildProcess.programs.appending(path: "client-example").path
      func run(_ limit: Int) throws -> Outcome {
        // Without what this process has open and a child inherits.
        try Outcome.of(
          "/bin/bash",
          [
            "-c",
            """
            for file in /proc/$$/fd/*; do
              (( ${file##*/} > 2 )) && eval "exec ${file##*/}>&-"
            done
            ulimit -n \(limit) && exec "$0" "$1"
            """, program, folder.path("a.js"),
          ],
          environment: ["LARDER_SOCKET": daemon.socket, "SWIFT_BACKTRACE": "enable=no"])
      }
      let (none, made) = (": 7 bytes, and no daemon to keep them\n", ": 7 bytes, stored\n")
      let found = ": 7 bytes, made before\n"
      var seen: [String] = []
      // One file more each time, until all that are wanted can be opened; several times each, since
      // the libraries below take a file for a moment, too.
      for limit in 4...64 where seen.last != found {
        for _ in 0..<4 {
          let outcome = try run(limit)
          // Without a file libdispatch traps, and Foundation cannot read: neither says a word of
          // ours.
          #expect(!outcome.errors.contains("Larder"), "\(limit) files: \(outcome)")
          if outcome.status == 0 { seen.append(String(outcome.text.drop { $0 != ":" })) }
        }
      }
      #expect(seen.allSatisfy { [none, made, found].contains($0) }, "\(seen)")
      #expect(seen.last == found, "\(seen)")
    }
  }
}

/// Returns once `condition` holds, or after a minute.
private func settle(_ condition: () async throws -> Bool) async rethrows -> Bool {
  let end = ContinuousClock.now + .seconds(60)
  while try await !condition() {
    if ContinuousClock.now > end { return false }
    await Task.yield()
  }
  return true
}
