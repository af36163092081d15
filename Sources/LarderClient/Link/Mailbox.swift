import LarderCore
import LarderPlatform

/// What tasks have told a loop and it has not taken yet, and what the loop waits at; only that
/// waits.
final class Mailbox: Sendable {
  private struct State {
    var letters: [Letter] = []
    var isClosed = false
  }

  /// What `epoll` tells of a letter.
  static let token: UInt64 = 0

  /// Tells of letters, and of what the loop adds.
  let epoll: Epoll
  private let signal: EventSignal
  private let state = Locked(State())

  init() throws(ClientError) {
    do throws(SystemCallError) {
      signal = try EventSignal()
      epoll = try Epoll()
      try epoll.add(signal.rawValue, token: Mailbox.token, interest: .read)
    } catch { throw ClientError(error) }
  }

  /// - Returns: false once it is closed.
  func post(_ letter: Letter) -> Bool {
    let (isTaken, isFirst) = state.withLock { state in
      if state.isClosed { return (false, false) }
      state.letters.append(letter)
      return (true, state.letters.count == 1)
    }
    if isFirst { signal.raise() }
    return isTaken
  }

  /// Tells the loop to end.
  func close() {
    state.withLock { $0.isClosed = true }
    signal.raise()
  }

  /// Makes the loop look for what is due.
  func wake() { signal.raise() }

  /// All letters so far, and whether no more can come.
  func take() -> (letters: [Letter], isClosed: Bool) {
    signal.clear()
    return state.withLock { state in
      defer { state.letters = [] }
      return (state.letters, state.isClosed)
    }
  }
}
