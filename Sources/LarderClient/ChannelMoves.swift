import LarderMessages
import LarderWire

extension LarderClient {
  /// Where a channel of remotes points, and each move of it from then on.
  ///
  /// ```swift
  /// for try await move in client.moves(of: ["nav"]) {
  ///   reload(move.remote, at: move.release)
  /// }
  /// ```
  /// What is known of a remote outlives connection and daemon: no move is lost meanwhile, though of
  /// several the last is seen, and of one that was undone nothing. Each iterator has a connection
  /// and a thread of its own, which end with it.
  ///
  /// - Parameters:
  ///   - remotes: 1 to 256 names, registered or not yet.
  ///   - channel: a channel's name.
  public func moves(of remotes: [String], channel: String = "current") -> ChannelMoves {
    ChannelMoves(remotes: remotes, channel: channel, place: place, options: options)
  }
}

/// A channel points at another release of a remote than before.
public struct ChannelMove: Sendable, Hashable {
  /// The remote's name.
  public let remote: String
  /// The release's id; nil where the channel is gone, or the remote is not registered.
  public let release: String?
}

/// The moves of a channel; see `LarderClient.moves(of:channel:)`.
///
/// It waits where there is no daemon, ends when its task is cancelled, and throws `badRequest` for
/// names that are none, `busy` where the realm has 1,024 such waits, and `noDaemon` with
/// `LARDER=off`.
public struct ChannelMoves: AsyncSequence, Sendable {
  /// A move, or how it is at first.
  public typealias Element = ChannelMove
  /// What it ends with, unless by a cancellation.
  public typealias Failure = ClientError

  let remotes: [String]
  let channel: String
  let place: DaemonPlace
  let options: LarderClient.Options

  /// Begins with what the channel points at now, for each remote.
  public func makeAsyncIterator() -> Iterator {
    Iterator(
      // What no channel can name, so that the first answer says how it is now.
      known: Dictionary(remotes.map { ($0, "") }) { first, _ in first }, channel: channel,
      client: LarderClient(at: place, options))
  }

  /// One walk along the moves.
  public struct Iterator: AsyncIteratorProtocol {
    var known: [String: String?]
    let channel: String
    let client: LarderClient
    private var ready: [ChannelMove] = []

    init(known: [String: String?], channel: String, client: LarderClient) {
      self.known = known
      self.channel = channel
      self.client = client
    }

    /// Suspends until there is a move; nil when the task is cancelled.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ClientError) -> ChannelMove? {
      while ready.isEmpty {
        do throws(ClientError) {
          let request = WatchMessage.Request(known: known, channel: channel)
          let text = try await client.ask(
            .watch, JSONBody.encode(request), JoinedReader(), silenceMax: nil,
            waitsForDaemon: true)
          let reply: WatchMessage.Reply = try JSONBody.decode(from: text, verb: .watch)
          known.merge(reply.moved) { $1 }
          ready = reply.moved.sorted { $0.key > $1.key }
            .map { ChannelMove(remote: $0.key, release: $0.value) }
        } catch {
          switch error.code {
          case .cancelled: return nil
          // The next question waits for the next daemon.
          case .connectionLost, .timedOut, .shuttingDown: continue
          default: throw error
          }
        }
      }
      return ready.removeLast()
    }
  }
}
