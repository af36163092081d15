import Testing

@testable import LarderFederation

/// Compares a plan with what a graph vector recorded.
struct PlanExpectation {
  private let vector: GraphVector
  private let host: HostFacts

  init(_ vector: GraphVector, _ host: HostFacts) {
    self.vector = vector
    self.host = host
  }

  func check(_ plan: Plan) {
    let expected = vector.expect
    // A host that tries two locations itself is asked by one registered name here.
    let entries = expected.entries.filter { !$0.container.hasSuffix("dead") }
    #expect(
      Set(plan.entries.map { "\($0.askedBy)>\($0.container)" })
        == Set(entries.map { "\($0.askedBy)>\($0.container)" }))
    #expect(
      plan.entries.map(\.container) == entries.map(\.container) || vector.id == "G06")

    let inits = expected.initSequence.filter { !$0.contains("noop") }.map {
      $0.prefix { $0 != " " }
    }
    let calls = plan.initialisation.filter { !$0.repeated }.map { $0.container[...] }
    #expect(calls == inits)

    let own = "\(vector.host)/src_boot_js.js"
    let files = plan.files.filter { $0.kind == .chunk && $0.phase == .required }
    #expect(
      Set(files.map { "\($0.container)/\($0.path)" }) == Set(expected.chunks).subtracting([own]))

    let shared = plan.shared.filter { $0.outcome == .shared }.map { share in
      GraphVector.Shared(
        consumer: share.consumer, key: share.key, version: share.version ?? "",
        from: share.from ?? "")
    }
    #expect(Set(shared) == Set(expected.shared))
    #expect(plan.executionOrder.map { $0.replacing(":./", with: ":") } == expected.execOrder)

    switch vector.id {
    case "G06":
      #expect(plan.errors.map(\.kind) == [.missingRemote])
      #expect(plan.errors.map(\.container) == ["b"])
      #expect(plan.warnings.count == 1)
    case "G12":
      #expect(plan.errors.map(\.kind) == [.unknownExpose])
      #expect(plan.errors.map(\.message) == ["Module \"./Nope\" does not exist in container."])
    case "G13":
      #expect(plan.errors.map(\.kind) == [.sharedUnavailable])
      #expect(
        plan.errors.map(\.message) == ["Shared module lib doesn't exist in shared scope default"])
      #expect(plan.errors.map(\.expose) == ["./B"])
    default:
      #expect(plan.errors.isEmpty)
      #expect(plan.warnings.isEmpty)
    }
  }
}
