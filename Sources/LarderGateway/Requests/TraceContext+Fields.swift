import HTTPTypes
import LarderCore

extension TraceContext {
  /// The trace that a request is part of, within a new span of the gateway's; nil where it names
  /// none, or none that can be read.
  init?(_ fields: HTTPFields) {
    // Without the field, which is the rule, nothing is made.
    guard fields[.traceparent] != nil,
      let asked = TraceContext(
        parents: fields[values: .traceparent], states: fields[values: .tracestate])
    else { return nil }
    self = asked.next()
  }
}
