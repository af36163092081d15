import LarderCore
import LarderFederation
import LarderOrigin
import LarderRegistry
package import LarderStore

extension ServiceError {
  /// One row for each way in which the store refuses.
  package init(_ error: StoreError) {
    let code: Code =
      switch error.code {
      case .notFound: .notFound
      case .corrupt: .corrupt
      case .noSpace: .noSpace
      case .tooLarge: .tooLarge
      case .digestMismatch: .integrityMismatch
      case .readOnly, .io, .insecure, .locked, .unsupportedFormat: .io
      case .busy: .busy
      case .closed: .shuttingDown
      }
    self.init(code, error.message, remedy: error.remedy)
  }

  /// One row for each way in which the registry refuses.
  init(_ error: RegistryError) {
    let code: Code =
      switch error.code {
      case .notFound: .notFound
      case .alreadyExists, .invalid: .badRequest
      case .limit: .tooLarge
      case .corrupt, .notARegistry, .newerSchema: .corrupt
      // Of content that could not be synced the store says why.
      case .notSynced: Self.isOutOfSpace(error.cause) ? .noSpace : .io
      case .io, .locked: .io
      case .noSpace: .noSpace
      case .cancelled: .shuttingDown
      case .internal: .internal
      }
    self.init(code, error.message, remedy: error.remedy)
  }

  private static func isOutOfSpace(_ cause: (any Error)?) -> Bool {
    switch cause {
    case let error as StoreError: error.code == .noSpace
    case let error as ServiceError: error.code == .noSpace
    default: false
    }
  }

  /// Asks the registry, and says its refusals in this floor's words.
  static func mapping<Value>(
    _ call: @autoclosure () async throws(RegistryError) -> Value
  ) async throws(ServiceError) -> Value {
    do { return try await call() } catch { throw ServiceError(error) }
  }

  /// One row for each way in which an origin's bytes are not had; what a sink threw is passed on.
  init(_ error: OriginError) {
    if error.code == .sink, let cause = error.cause as? ServiceError {
      self = cause
      return
    }
    let code: Code =
      switch error.code {
      case .badURL, .badIntegrity: .badRequest
      case .refused, .insecure: .originRefused
      case .unavailable, .resting, .malformed, .encoding: .originUnavailable
      case .timeout: .originTimeout
      case .truncated: .truncated
      case .tooLarge: .tooLarge
      case .integrityMismatch: .integrityMismatch
      case .cancelled: .shuttingDown
      case .sink, .internal: .internal
      }
    self.init(code, error.message, remedy: error.remedy, subject: error.url)
    originStatus = error.status
  }

  /// Whether the origin said that it has no such file: not found, or gone.
  var isAbsence: Bool { originStatus == 404 || originStatus == 410 }
}
