import LarderCore
import LarderOrigin

/// One fetch from an origin that any number of callers wait for.
///
/// ```
///   origin ──> flight ──> store
///                │
///                ├── window: the last bytes that arrived ──> callers that keep up
///                └── outcome ──────────────────────────────> callers that fell behind read the store
/// ```
///
/// The flight never waits for a caller: one that reads slowly falls out of the window and takes the
/// rest from the store when the blob is whole. So a stopped client delays nobody, and a flight's
/// memory is bounded.
final class Flight: Sendable {
  /// What a caller can do next at its place in the body.
  enum Step: Sendable {
    /// The bytes that follow the caller's place.
    case bytes([UInt8])
    /// The blob is whole and in the store, and the window holds nothing for this caller.
    case landed(Landing)
  }

  /// How a flight ended well.
  enum Landing: Sendable {
    case fetched(Fetched)
    /// The origin still has what the validators named.
    case notModified
  }

  /// A body that came whole and is in the store.
  struct Fetched: Sendable {
    var stat: BlobStat
    var entityTag: String?
    var lastModified: String?
    var contentType: String?
    /// What the fetch itself checked the bytes against.
    var integrity: Integrity?
  }

  private struct State {
    var window: [UInt8] = []
    /// Place in the body of the window's first byte.
    var windowStart: Int64 = 0
    var outcome: Result<Landing, ServiceError>?
    var handedOut = false
    var passengers = 0
    /// Everybody left before the end: the task is being cancelled, nobody may join any more.
    var isGivenUp = false
    var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
    var task: Task<Void, Never>?

    /// Whether a caller at `offset` need not wait.
    func hasStep(after offset: Int64) -> Bool { outcome != nil || place(of: offset) != nil }

    /// What there is for a caller at `offset`; nil if it has to wait.
    mutating func step(after offset: Int64) -> Result<Step, ServiceError>? {
      if case .failure(let error) = outcome { return .failure(error) }
      if let place = place(of: offset) {
        handedOut = true
        return .success(.bytes(Array(window[place...])))
      }
      return outcome.map { $0.map(Step.landed) }
    }

    private func place(of offset: Int64) -> Int? {
      let place = offset - windowStart
      return place >= 0 && place < window.count ? Int(place) : nil
    }
  }

  /// Bytes that a flight keeps in memory for callers that stream: enough for a page's largest
  /// script, so that a caller who joins late still begins at once.
  static let windowSizeMax = 4 << 20

  /// What the origin is asked with, and what the body has to be.
  let terms: FetchTerms
  let purpose: FetchPurpose
  private let windowSize: Int
  private let state = Locked(State())

  /// Only flights that ENSURE starts without an integrity value keep a window: nobody streams the
  /// files of a release, and who happens to ask for one of them meanwhile reads it from the store.
  init(_ terms: FetchTerms, for purpose: FetchPurpose, windowSizeMax: Int = windowSizeMax) {
    self.terms = terms
    self.purpose = purpose
    windowSize = purpose == .ensured && terms.integrity == nil ? windowSizeMax : 0
  }

  /// Counts one more caller; false if the flight has failed or been given up, so that the caller
  /// starts another.
  func board() -> Bool {
    state.withLock { state in
      if case .failure = state.outcome { return false }
      if state.isGivenUp { return false }
      state.passengers += 1
      return true
    }
  }

  /// Counts one caller less; a flight that nobody waits for is given up.
  func leave() {
    let abandoned: Task<Void, Never>? = state.withLock { state in
      state.passengers -= 1
      guard state.passengers == 0, state.outcome == nil else { return nil }
      state.isGivenUp = true
      return state.task
    }
    abandoned?.cancel()
  }

  /// Suspends until there is something for a caller that has `offset` bytes.
  ///
  /// - Throws: the flight's error, or `shuttingDown` when the calling task is cancelled.
  func next(after offset: Int64) async throws(ServiceError) -> Step {
    while true {
      if Task.isCancelled { throw ServiceError(.shuttingDown, "the request was given up") }
      if let step = state.withLock({ $0.step(after: offset) }) { return try step.get() }
      await change(after: offset)
    }
  }

  /// Suspends until the flight has ended.
  func landing() async throws(ServiceError) -> Landing {
    // Nobody's place lies beyond the last byte, so only the outcome answers.
    guard case .landed(let landing) = try await next(after: .max) else {
      throw ServiceError(.internal, "a flight gave bytes that nobody asked for")
    }
    return landing
  }

  /// Whether a caller has seen bytes: from then on the body cannot begin anew.
  var hasHandedOut: Bool { state.withLock { $0.handedOut } }

  // MARK: - The fetching side

  /// Remembers the task to cancel when nobody waits any longer.
  func fly(_ task: Task<Void, Never>) {
    let isLate = state.withLock { state in
      state.task = task
      return state.isGivenUp
    }
    if isLate { task.cancel() }
  }

  /// Adds what arrived.
  func arrived(_ bytes: [UInt8]) {
    guard windowSize > 0 else { return }
    wake { state in
      state.window.append(contentsOf: bytes)
      // Cut to one half only when it is full, so that a byte is moved once and not with each piece.
      guard state.window.count > windowSize else { return }
      let excess = state.window.count - windowSize / 2
      state.window.removeFirst(excess)
      state.windowStart += Int64(excess)
    }
  }

  /// Forgets what arrived, for a second attempt; false if a caller has seen bytes already, who
  /// would join the halves of two bodies.
  func restarted() -> Bool {
    state.withLock { state in
      guard !state.handedOut else { return false }
      state.window = []
      state.windowStart = 0
      return true
    }
  }

  /// Ends the flight.
  func landed(_ outcome: Result<Landing, ServiceError>) {
    wake { $0.outcome = outcome }
  }

  private func wake(_ change: (inout State) -> Void) {
    let woken = state.withLock { state in
      change(&state)
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in woken { continuation.resume() }
  }

  private func change(after offset: Int64) async {
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isMissed = state.withLock { state -> Bool in
          // What changed between the caller's look and now, a cancellation included, would not wake
          // it.
          if state.hasStep(after: offset) || Task.isCancelled { return true }
          state.waiting[number] = continuation
          return false
        }
        if isMissed { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }
}
