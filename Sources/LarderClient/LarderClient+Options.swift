import LarderCore

extension LarderClient {
  /// How a client presents itself, and how long it waits: a day at most, whatever is said.
  public struct Options: Sendable {
    /// What a read is where there is no daemon to ask.
    public enum ReadWithoutDaemon: Sendable {
      /// A miss: nil, or false.
      case miss
      /// An error whose `isUnavailable` is true.
      case failure
    }

    /// Program and version, for the daemon's log: `build-tool/1.2.0`.
    public var name: String
    /// What `has`, `get`, `map`, `entry` and `open` do where there is no daemon.
    public var readsWithoutDaemon = ReadWithoutDaemon.miss
    /// How long a daemon may take to greet a new connection.
    public var connectTimeout = Duration.seconds(1)
    /// How long a read may wait for its turn, and then for something to come: what takes longer is
    /// a daemon that is not there.
    public var readTimeout = Duration.seconds(5)
    /// The same for any other call. A fetch from an origin, and a sync of a busy
    /// disk, are answered for within that.
    public var replyTimeout = Duration.seconds(300)
    /// The longest pause between two attempts to reach a daemon.
    public var reconnectPauseMax = Duration.seconds(5)
    /// How long shared memory that nobody uses any more is kept while nothing is asked for.
    var idleSlabsMax = Duration.seconds(10)
    /// How long a PUT may stand still: the daemon closes a connection of which one does for 30 s,
    /// and before that the PUT is ended, so that others go on.
    var contentPauseMax = Duration.seconds(20)
    /// What time it is.
    var now: @Sendable () -> ContinuousClock.Instant = { .now }

    /// The defaults, as each says.
    ///
    /// - Parameter name: `LarderClient` and its version if nil.
    public init(name: String? = nil) {
      self.name = name ?? "LarderClient/\(LarderVersion.current)"
    }
  }
}
