import LarderCore

/// Asks parts for a word, and does not wait for one that gives none: of each, one question at a time
/// is under way, however often somebody wants to know.
final class Checkups: Sendable {
  enum Part: String, Sendable {
    case registry, store
  }

  private let patience: Duration
  private let asked = Locked<Set<Part>>([])

  init(patience: Duration) { self.patience = patience }

  /// Why a part gives no answer, or a bad one; nil if it does.
  func failure(
    of part: Part, _ check: @escaping @Sendable () async throws(ServiceError) -> Void
  ) async -> String? {
    guard asked.withLock({ $0.insert(part).inserted }) else {
      return "the \(part.rawValue) still owes an answer"
    }
    let (answers, answer) = AsyncStream.makeStream(
      of: String?.self, bufferingPolicy: .bufferingOldest(1))
    // Not awaited: what hangs would hang who asks.
    Task {
      do throws(ServiceError) {
        try await check()
        answer.yield(nil)
      } catch {
        answer.yield("the \(part.rawValue) does not answer: \(error.message)")
      }
      _ = asked.withLock { $0.remove(part) }
    }
    let alarm = Task { [patience] in
      try await Task.sleep(for: patience)
      answer.yield("the \(part.rawValue) did not answer within \(patience)")
    }
    defer { alarm.cancel() }
    for await first in answers { return first }
    return nil
  }
}
