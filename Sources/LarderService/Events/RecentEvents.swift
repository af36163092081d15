import LarderCore
import LarderMessages
import LarderRegistry

/// What happened to each realm's remotes lately, and those who wait to hear of more.
///
/// In memory, for people who look: the registry knows what is, the log what was.
final class RecentEvents: Sendable {
  /// Events of a realm: an hour of one update every fourteen seconds. With `textMax` 300 KiB.
  static let keptMax = 256
  /// Bytes of an event's message.
  static let textMax = 1_024
  /// Who may listen at a time, over all realms: each is a page that somebody looks at.
  static let listenersMax = 64

  private struct Listener {
    let realms: Set<RealmID>
    let signal: AsyncStream<Void>.Continuation
  }

  private struct State {
    var realms: [RealmID: [EventMessage]] = [:]
    var listeners: [UInt64: Listener] = [:]
    var ordinal: UInt64 = 0
    var nextListener: UInt64 = 0
    var isOver = false
  }

  private let state = Locked(State())
  private let now: @Sendable () -> Int64

  /// - Parameter now: seconds since 1970.
  init(now: @escaping @Sendable () -> Int64) { self.now = now }

  /// Writes an event down, and wakes those who listen to its realm.
  ///
  /// A failure that is the last thing that was heard of its remote is said once.
  func note(
    _ kind: EventMessage.Kind, _ remote: RemoteName, channel: ChannelName? = nil,
    release: ReleaseID? = nil, _ message: String? = nil, in realm: RealmID
  ) {
    let time = now()
    let woken = state.withLock { state -> [Listener] in
      var event = EventMessage(
        ordinal: state.ordinal + 1, at: time, kind: kind, remote: remote.description,
        channel: channel?.description, release: release?.description,
        message: message.map { String(decoding: $0.utf8.prefix(Self.textMax), as: UTF8.self) })
      var events = state.realms[realm] ?? []
      if kind == .failed, let last = events.last(where: { $0.remote == event.remote }) {
        event.ordinal = last.ordinal
        event.at = last.at
        if event == last { return [] }
        event.ordinal = state.ordinal + 1
        event.at = time
      }
      state.ordinal += 1
      // Taken out meanwhile, so that the list is changed in place.
      state.realms[realm] = nil
      events.append(event)
      if events.count > Self.keptMax { events.removeFirst(events.count - Self.keptMax) }
      state.realms[realm] = events
      return state.listeners.values.filter { $0.realms.contains(realm) }
    }
    for listener in woken { listener.signal.yield() }
  }

  /// Those after one of them, in order; of what is too long ago there is nothing.
  func all(in realms: [RealmID], after ordinal: UInt64) -> [EventMessage] {
    state.withLock { state in
      realms.flatMap { state.realms[$0] ?? [] }.filter { $0.ordinal > ordinal }
    }.sorted { $0.ordinal < $1.ordinal }
  }

  /// Begins to listen, for as long as the answer is held. After `end` its signals are over at once.
  ///
  /// - Throws: `busy` past `listenersMax`.
  func listen(to realms: [RealmID]) throws(ServiceError) -> EventListening {
    // One signal says as much as many.
    let (signals, signal) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let (number, isOver) = state.withLock { state -> (UInt64?, Bool) in
      guard state.listeners.count < Self.listenersMax else { return (nil, false) }
      state.nextListener += 1
      if !state.isOver {
        state.listeners[state.nextListener] = Listener(realms: Set(realms), signal: signal)
      }
      return (state.nextListener, state.isOver)
    }
    guard let number else {
      throw ServiceError(
        .busy, "\(Self.listenersMax) pages listen to what happens", remedy: "close one of them")
    }
    if isOver { signal.finish() } else { signal.yield() }
    return EventListening(signals) { [weak self] in
      let left = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
      left?.signal.finish()
    }
  }

  /// Ends all listening, and that to come.
  func end() {
    let all = state.withLock { state in
      state.isOver = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in all { listener.signal.finish() }
  }
}

/// One who listens to a realm's events, for as long as somebody holds it.
package final class EventListening: Sendable {
  /// Raised when something may have happened, and from the start, so that nothing is lost before the
  /// first look; over when the daemon is about to end. For one task.
  package let signals: AsyncStream<Void>
  private let whenOver: @Sendable () -> Void

  fileprivate init(_ signals: AsyncStream<Void>, whenOver: @escaping @Sendable () -> Void) {
    self.signals = signals
    self.whenOver = whenOver
  }

  deinit { whenOver() }
}
