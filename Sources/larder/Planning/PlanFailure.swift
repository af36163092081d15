import LarderClient
import LarderFederation

/// What the program exits with after a plan that has errors.
enum PlanFailure {
  /// A kind that is a code of the protocol has that code's status; the planner's own are bad data,
  /// save a remote that nobody registered.
  static func exitStatus(of error: PlanError) -> Int32 {
    switch error.kind.rawValue {
    case "missingRemote": 66
    case "sharedUnavailable", "unsupportedRemoteType", "scopeConflict", "nestedTooDeep": 65
    default: ClientError(code: .init(rawValue: error.kind.rawValue), message: "").exitStatus
    }
  }
}
