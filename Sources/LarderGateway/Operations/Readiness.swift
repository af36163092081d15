import FoundationEssentials
import LarderService

/// What `/health/ready` says: whether requests should come here, and what is wrong if anything is.
struct Readiness: Encodable {
  let ready: Bool
  /// Sentences; those that do not stop the daemon from answering are here, too.
  let reasons: [String]
  /// Whether something is wrong that an operator should look at, though requests are answered.
  let degraded: Bool

  init(_ health: Health, isDraining: Bool) {
    let stops = (isDraining ? ["the daemon is about to end"] : []) + health.failures
    ready = stops.isEmpty
    degraded = !health.flaws.isEmpty
    reasons = stops + health.flaws
  }

  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Two truths and some sentences always have JSON; should they not, the status says it.
    return ((try? encoder.encode(self)).map { Array($0) } ?? Array("{}".utf8)) + [0x0a]
  }
}
