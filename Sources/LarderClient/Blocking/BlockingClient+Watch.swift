import LarderMessages
import LarderWire

extension BlockingClient {
  /// Blocks until a channel of one of these remotes points elsewhere than is known, and says where;
  /// at once if one does already.
  ///
  /// To follow remotes, merge the answer into what is known and watch again: no move is lost in
  /// between, though one that was undone meanwhile is not seen.
  ///
  /// - Parameters:
  ///   - known: 1 to 256 remotes with the release ids that the channel had; nil for a remote that
  ///     has no such channel or is not registered, an empty text for what is not known.
  ///   - channel: a channel's name.
  ///   - timeout: how long to wait, nil for ever. Past it the call throws `timedOut` and the
  ///     connection has ended: watch on a connection of its own.
  /// - Returns: those of the remotes that differ, at least one; nil where the channel is gone.
  /// - Throws: `shuttingDown` when the daemon ends.
  package func watch(
    _ known: [String: String?], channel: String = "current", timeout: Duration? = nil
  ) throws(ClientError) -> [String: String?] {
    silenceMax = timeout
    defer { silenceMax = options.replyTimeout }
    let reply: WatchMessage.Reply = try control(
      .watch, WatchMessage.Request(known: known, channel: channel))
    return reply.moved
  }
}
