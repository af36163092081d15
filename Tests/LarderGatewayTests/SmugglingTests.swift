import Testing

@testable import LarderGateway

@Suite("Requests that could be read in two ways")
struct SmugglingTests {
  /// What would be answered with 200 if anybody took it for a request of its own.
  private static let follower = "GET /KEY/larder/browser.js HTTP/1.1\r\nHost: localhost\r\n\r\n"

  private static func bytes(_ request: SmuggledRequest, _ gateway: TestGateway) -> [UInt8] {
    (request.text + Array(follower.utf8))
      .replacing("CONSOLE".utf8, with: Array(gateway.consoleKey.text.utf8))
      .replacing("KEY".utf8, with: Array(gateway.key.text.utf8))
  }

  @Test("are at least three hundred")
  func count() {
    #expect(SmuggledRequest.all.count >= 300)
    #expect(Set(SmuggledRequest.all.map(\.name)).count == SmuggledRequest.all.count)
  }

  @Test("are refused, and nothing behind them is answered, however they arrive")
  func refused() async throws {
    try await TestGateway.run { gateway in
      for request in SmuggledRequest.all {
        let bytes = Self.bytes(request, gateway)
        let end = bytes.count - Self.follower.utf8.count
        // At once; split within it; split where the next one begins; piece by piece.
        for cuts in [[], [end / 2], [end], [1, end / 3, end - 1, end + 1]] {
          let replies = try await gateway.exchange(bytes, cuts: cuts)
          guard replies.count == 1, let reply = replies.first else {
            Issue.record("\(request), cut at \(cuts): \(replies)")
            continue
          }
          if request.isAnswered {
            #expect(reply.status == 200, "\(request), cut at \(cuts)")
            #expect(reply.text.hasPrefix("{\"imports\""), "\(request): \(reply)")
          } else {
            #expect(
              [400, 405, 413, 414, 417, 421, 431, 505].contains(reply.status),
              "\(request): \(reply)")
          }
          #expect(reply.fields["connection"] == "close", "\(request): \(reply)")
        }
      }
      // And it goes on to answer others.
      #expect(try await gateway.get("/importmap.json").status == 200)
    }
  }

  @Test("end no answer that was begun before them")
  func pipelined() async throws {
    try await TestGateway.run { gateway in
      let good = gateway.head("/importmap.json")
      for bad in ["GET / HTTP/1.1\r\n\r\n", "X\r\n\r\n", gateway.head("/", "POST")] {
        let replies = try await gateway.exchange(good + good + bad + good)
        #expect(replies.map(\.status).dropLast() == [200, 200], "\(replies)")
        #expect(replies.last.map { 400...405 ~= $0.status } == true, "\(replies)")
      }
    }
  }
}
