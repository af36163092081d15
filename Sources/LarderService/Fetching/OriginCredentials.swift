import LarderCore
package import LarderOrigin

/// With which authorization a realm asks private origins.
///
/// What is fetched is remembered under the credential's name, never under its value: a token that
/// is renewed is the same credential.
package final class OriginCredentials: Sendable {
  /// Where the value of an `Authorization` header comes from.
  package enum Source: Sendable {
    case value(String)
    /// Asks a program, with the origin; throws why there is none, without telling what it said.
    case program(@Sendable (String) async throws(ServiceError) -> String)
  }

  /// One credential and the origins that it is for.
  package struct Entry: Sendable {
    let origins: OriginRules
    let name: String
    let source: Source

    /// - Parameters:
    ///   - origin: a pattern as `OriginRules` takes it, but not `*`: a credential for everybody
    ///     would be told to anybody.
    /// - Throws: `badURL`.
    package init(for origin: String, _ source: Source) throws(OriginError) {
      origins = try OriginRules([origin])
      name = "realm \(origin)"
      self.source = source
    }
  }

  private struct Answer {
    let task: Task<Result<String, ServiceError>, Never>
    let until: ContinuousClock.Instant
  }

  private struct Question: Hashable {
    let entry: Int
    let origin: Origin
  }

  /// How long a program's answer is used: tokens live for an hour or so, and a program that asks a
  /// server itself is not run for each file.
  static let answerLife = Duration.seconds(300)

  /// Answers that are kept: one for each origin that a realm asks, with room.
  static let answersMax = 1_024

  private let entries: [Entry]
  private let answers = Locked<[Question: Answer]>([:])

  /// - Parameter entries: the first whose origins fit is taken.
  package init(_ entries: [Entry] = []) { self.entries = entries }

  package static let none = OriginCredentials()

  /// What the credential for an origin is called; empty where there is none.
  func name(for origin: Origin) -> String { place(for: origin).map { entries[$0].name } ?? "" }

  /// The value of the `Authorization` header for an origin; nil where there is none.
  ///
  /// Who asks while a program runs waits for that one.
  /// - Throws: `originRefused` for a program that fails, or gives what no header may carry.
  func authorization(for origin: Origin) async throws(ServiceError) -> String? {
    guard let place = place(for: origin) else { return nil }
    switch entries[place].source {
    case .value(let value): return value
    case .program(let ask):
      let now = ContinuousClock.now
      let task = answers.withLock { answers in
        let question = Question(entry: place, origin: origin)
        if let answer = answers[question], answer.until > now { return answer.task }
        if answers.count >= Self.answersMax { answers.removeAll() }
        let task = Task { () -> Result<String, ServiceError> in
          do throws(ServiceError) { return .success(try await ask(origin.description)) } catch {
            return .failure(error)
          }
        }
        answers[question] = Answer(task: task, until: now + Self.answerLife)
        return task
      }
      let answer = await task.value
      // Whoever comes next tries again.
      if case .failure = answer { forget(origin) }
      return try answer.get()
    }
  }

  /// Forgets what a program said for an origin, which did not take it.
  func forget(_ origin: Origin) {
    guard let entry = place(for: origin) else { return }
    answers.withLock { $0[Question(entry: entry, origin: origin)] = nil }
  }

  private func place(for origin: Origin) -> Int? {
    entries.firstIndex { $0.origins.objection(to: origin) == nil }
  }
}
