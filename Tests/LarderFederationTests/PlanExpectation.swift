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
    let failed = vector.containers.filter { $0.value.offline == true }.map(\.key)
    // An entry that fails is asked for in the same wave, but recorded when it has failed.
    let arrived = { (name: String) in !failed.contains(name) }
    #expect(
      plan.entries.map(\.container).filter(arrived) == entries.map(\.container).filter(arrived))

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

    #expect(plan.errors.map(\.kind) == expectedErrors.map(\.kind))
    for (error, text) in zip(plan.errors, expectedErrors.map(\.text)) {
      // The runtime's own words are ours too, except for how a missing container is missing.
      #expect(error.kind == .missingRemote || text.hasPrefix(error.message))
    }
    #expect(plan.warnings.count == expected.warnings.count)
    for (warning, text) in zip(plan.warnings, expected.warnings) {
      let prefix = "Initialization of sharing external failed: "
      #expect(warning.message.hasPrefix(prefix) == text.hasPrefix(prefix))
    }
  }

  private var expectedErrors: [(kind: PlanError.Kind, text: String)] {
    vector.expect.result.texts.filter { $0.hasPrefix("ERR:") }.map { text in
      let message = String(text.dropFirst(4))
      if message.contains("does not exist in container") { return (.unknownExpose, message) }
      if message.contains("offline") { return (.missingRemote, message) }
      return (.sharedUnavailable, message)
    }
  }
}
