import LarderClient
import LarderFederation

/// What the program exits with after a plan that has errors.
enum PlanFailure {
  /// The status of the first error that stops a requested module, else of the first; nil without
  /// errors.
  static func exitStatus(of errors: [PlanError]) -> Int32? {
    (errors.first { $0.phase == .required } ?? errors.first).map { exitStatus(of: $0.kind) }
  }

  /// A kind that is a code of the protocol has that code's status; the planner's own are bad data,
  /// save a remote that nobody registered.
  static func exitStatus(of kind: PlanError.Kind) -> Int32 {
    switch kind {
    case .missingRemote: 66
    case .sharedUnavailable, .unsupportedRemoteType, .scopeConflict, .nestedTooDeep: 65
    default: ClientError(code: .init(rawValue: kind.rawValue), message: "").exitStatus
    }
  }
}
