import LarderFederation
import Testing

@testable import larder

@Suite("The exit code of a plan")
struct PlanFailureTests {
  private func error(_ kind: String, _ phase: PlanPhase) -> PlanError {
    PlanError(
      kind: .init(rawValue: kind), container: "nav", phase: phase, message: "", remedy: "")
  }

  @Test(
    "is that of the error's kind",
    arguments: [
      ("missingRemote", 66), ("unknownRemote", 66), ("unknownExpose", 66),
      ("sharedUnavailable", 65), ("scopeConflict", 65), ("originUnavailable", 69),
      ("notJavaScript", 65), ("noSpace", 73), ("a kind of tomorrow", 70),
    ])
  func kinds(_ kind: String, _ status: Int32) {
    #expect(PlanFailure.exitStatus(of: [error(kind, .required)]) == status)
  }

  @Test("is that of the first error that stops a requested module, else of the first")
  func order() {
    let late = error("originUnavailable", .reachable)
    let first = error("sharedUnavailable", .required)
    let second = error("unknownExpose", .required)
    #expect(PlanFailure.exitStatus(of: [late, first, second]) == 65)
    #expect(PlanFailure.exitStatus(of: [late]) == 69)
    #expect(PlanFailure.exitStatus(of: []) == nil)
  }
}
