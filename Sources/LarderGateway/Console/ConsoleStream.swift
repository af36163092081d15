import Hummingbird
import LarderMessages
import LarderService
import NIOCore
import ServiceLifecycle

/// Events of a realm as one page hears of them (Server-Sent Events; HTML, 9.2), until it goes, the
/// daemon is about to end, or it has listened for long enough: then it asks again.
///
/// ```
///   event: hello    data: {"run":"…","last":7}   another run is another daemon; up to `last` it
///                                                is no news
///   id: RUN-ORDINAL data: {…}                    each event
///   :                                            nothing, so that a page that is gone is noticed
/// ```
struct ConsoleStream: Sendable {
  /// A connection that takes nothing is closed after `GatewayLimits.writeTimeout`, one that is gone
  /// is noticed when something is written: within this time.
  static let heartbeat = Duration.seconds(15)
  /// An hour: what a page that lies about in a tab takes is given back by then.
  static let timeMax = Duration.seconds(3_600)

  let service: LarderService.Service
  let peer: RealmCapability
  /// Tells this daemon from the one before.
  let run: String

  /// - Parameter lastID: of the last event that the page has heard of, as its `id` was.
  func body(after lastID: String?, _ listening: EventListening) -> ResponseBody {
    ResponseBody { writer in
      let clock = ContinuousClock()
      let end = clock.now + Self.timeMax
      var last = ordinal(of: lastID)
      // What comes up to here is no news.
      let known = service.events(after: 0, for: peer).last?.ordinal ?? 0
      try await writer.write(
        ByteBuffer(string: "event: hello\ndata: {\"run\":\"\(run)\",\"last\":\(known)}\n\n"))
      let (wakes, wake) = AsyncStream.makeStream(
        of: Void.self, bufferingPolicy: .bufferingNewest(1))
      try await withGracefulShutdownHandler {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for await _ in listening.signals { wake.yield() }
            wake.finish()
          }
          group.addTask {
            // Cancelled when the stream ends.
            while (try? await clock.sleep(for: Self.heartbeat)) != nil { wake.yield() }
          }
          defer { group.cancelAll() }
          for await _ in wakes {
            let events = service.events(after: last, for: peer)
            last = events.last?.ordinal ?? last
            try await writer.write(ByteBuffer(bytes: try text(of: events)))
            if clock.now >= end { break }
          }
        }
      } onGracefulShutdown: {
        wake.finish()
      }
      try await writer.finish(nil)
    }
  }

  /// 0 for an event of another daemon, and for none.
  private func ordinal(of id: String?) -> UInt64 {
    guard let id, id.hasPrefix("\(run)-") else { return 0 }
    return UInt64(id.dropFirst(run.count + 1)) ?? 0
  }

  private func text(of events: [EventMessage]) throws -> [UInt8] {
    guard !events.isEmpty else { return Array(":\n\n".utf8) }
    var text: [UInt8] = []
    for event in events {
      text += "id: \(run)-\(event.ordinal)\ndata: ".utf8
      text += try ConsoleContent.json(event)
      text += "\n\n".utf8
    }
    return text
  }
}
