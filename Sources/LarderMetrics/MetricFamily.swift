/// What a figure is called, how it counts, and what its series are told apart by: one block of the
/// exposition.
///
/// Declared once, beside who measures it; docs/metrics.md has a row for each.
package struct MetricFamily: Hashable, Sendable {
  /// How values follow each other, in the exposition's words.
  package enum Kind: String, Sendable {
    /// Grows from 0 while the daemon runs.
    case counter
    /// Goes up and down.
    case gauge
    /// Durations, counted by `DurationBuckets`.
    case histogram
  }

  /// `larder_` and the glossary's words, the unit last; a counter's ends in `_total`.
  package let name: String
  package let kind: Kind
  /// One sentence without its full stop.
  package let help: String
  /// Their values come in this order; few of each, and none of them a secret or a digest.
  package let labels: [String]

  private init(_ kind: Kind, _ name: String, _ help: String, _ labels: [String]) {
    self.name = name
    self.kind = kind
    self.help = help
    self.labels = labels
  }

  /// Declares a family whose values grow.
  package static func counter(
    _ name: String, _ help: String, by labels: String...
  ) -> MetricFamily {
    MetricFamily(.counter, name, help, labels)
  }

  /// Declares a family whose values go up and down.
  package static func gauge(
    _ name: String, _ help: String, by labels: String...
  ) -> MetricFamily {
    MetricFamily(.gauge, name, help, labels)
  }

  /// Declares a family of durations; in seconds.
  package static func durations(
    _ name: String, _ help: String, by labels: String...
  ) -> MetricFamily {
    MetricFamily(.histogram, name, help, labels)
  }
}
