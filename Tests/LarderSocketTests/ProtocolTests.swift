import Foundation
import LarderClient
import LarderFederation
import LarderMessages
import LarderPlatform
import LarderService
import LarderWire
import SystemPackage
import Testing

@testable import LarderSocket

@Suite("The protocol over a socket")
struct ProtocolTests {
  @Test("HELLO names realm, versions and limits")
  func hello() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        #expect(client.hello.protocol == 1)
        #expect(client.hello.server == "larderd/test")
        #expect(client.hello.realm == "default")
        #expect(client.hello.capabilities == ["bytes", "places", "descriptors"])
        #expect(client.hello.limits.frameBodyMax == 4_194_304)
        #expect(client.hello.limits.requestsInFlightMax == 64)
      }
    }
  }

  @Test(
    "a HELLO that fits no version is refused and closed",
    arguments: [
      (#"{"protocol":[2,3],"client":"x"}"#, "unsupportedProtocol"),
      (#"{"protocol":[1],"client":"x"}"#, "badRequest"),
      (#"{"protocol":[2,1],"client":"x"}"#, "badRequest"), (#"{"client":"x"}"#, "badRequest"),
      ("nonsense", "badRequest"),
    ])
  func helloRefused(body: String, expected: String) async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let raw = try RawClient(daemon.path())
        try raw.send(RawClient.request(.hello, id: 3, body: Array(body.utf8)))
        let reply = try #require(try raw.receive())
        #expect(reply.code == expected)
        #expect(reply.id == 3)
        #expect(try raw.receive() == nil)
      }
    }
  }

  @Test("1,000 pipelined requests are each answered")
  func pipelining() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let digest = try daemon.connect().put([9]).digest
        let raw = try RawClient.ready(daemon.path())
        var stream: [UInt8] = []
        for id in 1...1_000 as ClosedRange<UInt64> {
          switch id % 3 {
          case 0: stream += RawClient.request(.ping, id: id, body: [UInt8(id % 256)])
          case 1: stream += RawClient.get(digest, id: id)
          default: stream += RawClient.request(.has, id: id, body: HasBody.encode([digest]))
          }
        }
        try raw.send(stream)
        var seen: Set<UInt64> = []
        for _ in 1...1_000 {
          let reply = try #require(try raw.receive())
          #expect(seen.insert(reply.id).inserted)
          #expect(!reply.flags.contains(.error) && !reply.flags.contains(.more))
          if reply.kind == Verb.get.rawValue { #expect(reply.body.last == 9) }
          if reply.kind == Verb.ping.rawValue { #expect(reply.body == [UInt8(reply.id % 256)]) }
        }
        #expect(seen.count == 1_000)
      }
    }
  }

  @Test(
    "what cannot be read is answered and closed, and others are served on",
    arguments: [
      ([1, 0, 64, 0, 2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], "frameTooLarge"),
      ([0, 0, 0, 0, 2, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0], "malformedFrame"),
      ([0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], "malformedFrame"),
      ([0, 0, 0, 0, 2, 1, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], "malformedFrame"),
      ([0, 0, 0, 0, 2, 0x40, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], "malformedFrame"),
      ([0, 0, 0, 0, 6, 8, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], "malformedFrame"),
      ([0, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], "protocolViolation"),
    ] as [([UInt8], String)])
  func malformed(bytes: [UInt8], expected: String) async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let other = try daemon.connect()
        let raw = try RawClient.ready(daemon.path())
        try raw.send(bytes)
        let reply = try #require(try raw.receive())
        #expect(reply.code == expected)
        #expect(reply.id == 7)
        #expect(try raw.receive() == nil)
        try other.ping()
        #expect(daemon.server.connections.malformed == 1)
      }
    }
  }

  @Test("a request before HELLO is refused and closed")
  func noHello() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let raw = try RawClient(daemon.path())
        try raw.send(RawClient.request(.ping, id: 1))
        #expect(try raw.receive()?.code == "protocolViolation")
        #expect(try raw.receive() == nil)
      }
    }
  }

  @Test(
    "a body that is not what the verb takes is refused, and the connection goes on",
    arguments: [
      (Verb.ping, [UInt8](repeating: 0, count: 65)), (.stats, [1]), (.has, [1, 2, 3]), (.get, []),
      (.put, [1]), (.plan, Array("{}".utf8)), (.`init`, Array("[]".utf8)), (.ensure, [0xff]),
      (.remote, Array(#"{"op":"fly"}"#.utf8)), (.publish, []),
    ] as [(Verb, [UInt8])])
  func badRequest(verb: Verb, body: [UInt8]) async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let raw = try RawClient.ready(daemon.path())
        try raw.send(RawClient.request(verb, id: 5, body: body))
        let reply = try #require(try raw.receive())
        #expect(reply.code == "badRequest")
        #expect(reply.kind == verb.rawValue && reply.id == 5)
        try raw.send(RawClient.request(.ping, id: 5))
        #expect(try raw.receive()?.flags == .reply)
      }
    }
  }

  @Test(
    "what is wrong with a body is said",
    arguments: [
      (Verb.ensure, #"{"bytes":true}"#, "'url' is missing"),
      (.`init`, #"{"session":-1,"host":{"name":"a","target":"web"}}"#, "out of the range"),
      (.`init`, #"{"session":-1"#, "no JSON"),
    ])
  func reasons(verb: Verb, request: String, reason: String) async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let raw = try RawClient.ready(daemon.path())
        try raw.send(RawClient.request(verb, id: 1, body: Array(request.utf8)))
        let body = try #require(try raw.receive()?.body)
        #expect(String(decoding: body, as: UTF8.self).contains(reason))
      }
    }
  }

  @Test("a PING carries up to 64 bytes back")
  func pingLimit() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let raw = try RawClient.ready(daemon.path())
        let body = (0..<64).map { UInt8($0) }
        try raw.send(RawClient.request(.ping, id: 1, body: body))
        #expect(try raw.receive()?.body == body)
      }
    }
  }

  @Test("an unknown verb is refused by name and the connection goes on")
  func unknownVerb() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let raw = try RawClient.ready(daemon.path())
        try raw.send([0, 0, 0, 0, 99, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0])
        let reply = try #require(try raw.receive())
        #expect(reply.code == "unknownVerb" && reply.kind == 99 && reply.id == 9)
        try raw.send(RawClient.request(.ping, id: 9))
        #expect(try raw.receive()?.flags == .reply)
      }
    }
  }

  @Test("INIT and OVERRIDE take effect in the order they were sent, without waiting for answers")
  func sessions() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let raw = try RawClient.ready(daemon.path())
        func share(_ key: String) -> String {
          #"{"scope":"default","key":"\#(key)","version":"1.0.0","from":"x","eager":false,"#
            + #""loaded":false}"#
        }
        var stream = RawClient.request(
          .`init`, id: 1, body: Array(#"{"session":4,"host":{"name":"x"}}"#.utf8))
        for (id, key) in [(2, "a"), (3, "b"), (4, "c")] as [(UInt64, String)] {
          stream += RawClient.request(
            .override, id: id, body: Array(#"{"session":4,"shared":[\#(share(key))]}"#.utf8))
        }
        try raw.send(stream)
        var last: [UInt8] = []
        for id in 1...4 as ClosedRange<UInt64> {
          let reply = try #require(try raw.receive())
          #expect(reply.id == id)
          #expect(reply.code == nil)
          last = reply.body
        }
        let reply = try JSONDecoder().decode(SessionMessage.Overridden.self, from: Data(last))
        #expect(reply.shared.map(\.key) == ["a", "b", "c"])
        let report = Array(#"{"session":5,"differences":[]}"#.utf8)
        try raw.send(RawClient.request(.report, id: 9, body: report))
        #expect(try raw.receive()?.code == "unknownSession")
      }
    }
  }

  @Test("a connection has 64 sessions, and not one more")
  func sessionsMax() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let raw = try RawClient.ready(daemon.path())
        for number in 1...65 {
          let body = #"{"session":\#(number),"host":{"name":"x"}}"#
          try raw.send(RawClient.request(.`init`, id: 1, body: Array(body.utf8)))
          #expect(try raw.receive()?.code == (number <= 64 ? nil : "busy"))
        }
        let again = #"{"session":1,"host":{"name":"x"}}"#
        try raw.send(RawClient.request(.`init`, id: 1, body: Array(again.utf8)))
        #expect(try raw.receive()?.code == "badRequest")
      }
    }
  }

  @Test("STATS counts requests by verb, and connections")
  func stats() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        try client.ping()
        try client.ping()
        let body = try client.exchange(.stats, body: [])
        let stats = try JSONDecoder().decode(StatisticsMessage.self, from: Data(body))
        #expect(stats.realm == "default")
        #expect(stats.machine?.requests == ["hello": 1, "ping": 2, "stats": 1])
        #expect(stats.machine?.connections.open == 1 && stats.machine?.connections.accepted == 1)
        let list = try client.control(
          .remote, RemoteMessage.Request(op: .list), as: RemoteMessage.List.self)
        #expect(list.remotes.isEmpty)
        #expect(client.framesSent == [.hello: 1, .ping: 2, .stats: 1, .remote: 1])
      }
    }
  }

  @Test("an unknown remote is an error with its name")
  func unknownRemote() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        do {
          _ = try client.control(
            .remote, RemoteMessage.Request(op: .show, name: "nav"), as: RemoteMessage.Remote.self)
          Issue.record("there is no such remote")
        } catch let error as ClientError {
          #expect(error.code.rawValue == "unknownRemote")
          #expect(error.subject == "nav")
          #expect(error.exitStatus == 66)
        }
      }
    }
  }

  @Test("every code of the service has a code of its own on the wire")
  func errorTable() {
    let codes = ServiceError.Code.allCases.map { ErrorCode($0) }
    #expect(Set(codes).count == ServiceError.Code.allCases.count)
    for code in ServiceError.Code.allCases { #expect(ErrorCode(code).rawValue == code.rawValue) }
  }
}
