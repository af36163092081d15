import Foundation

/// One line of the report: what we take, what a peer takes, and what was to be reached.
package struct Figure {
  package enum Goal {
    /// The peer takes so many times as long.
    case ratio(Double)
    /// We take no more.
    case atMost(Double)
    /// We reach as much.
    case atLeast(Double)
  }

  let what: String
  let unit: String
  package let ours: Series
  var peer: String?
  var theirs: Series?
  var goal: Goal?

  package init(
    what: String, unit: String, ours: Series, peer: String? = nil, theirs: Series? = nil,
    goal: Goal? = nil
  ) {
    self.what = what
    self.unit = unit
    self.ours = ours
    self.peer = peer
    self.theirs = theirs
    self.goal = goal
  }

  /// The peer's figure by ours, round by round: both ran within seconds of each other.
  var ratio: Series? {
    theirs?.ratio(to: ours)
  }

  /// nil where there is no goal.
  var isMet: Bool? {
    switch goal {
    case .ratio(let least): (ratio?.median ?? 0) >= least
    case .atMost(let most): ours.median <= most
    case .atLeast(let least): ours.median >= least
    case nil: nil
    }
  }
}

extension Figure {
  /// The columns of the table.
  package static let columns = ["", "larder", "peer", "ratio", "goal", "met"]

  /// This figure in columns: medians, with the lowest and the highest behind them.
  package var cells: [String] {
    [
      what, Figure.text(ours, unit), theirs.map { "\(Figure.text($0, unit)) \(peer ?? "")" } ?? "",
      ratio.map { Figure.text($0, "x") } ?? "", goalText, isMet.map { $0 ? "yes" : "NO" } ?? "",
    ]
  }

  private var goalText: String {
    switch goal {
    case .ratio(let least): String(format: "%gx", least)
    case .atMost(let most): String(format: "<= %g %@", most, unit)
    case .atLeast(let least): String(format: ">= %g", least)
    case nil: ""
    }
  }

  private static func text(_ series: Series, _ unit: String) -> String {
    let digits = series.median < 10 ? 2 : series.median < 100 ? 1 : 0
    return String(
      format: "%.*f %@ (%.*f-%.*f)", digits, series.median, unit, digits, series.min, digits,
      series.max)
  }
}

extension Figure: Encodable {
  private enum Key: CodingKey { case what, unit, ours, peer, theirs, ratio, goal, isMet }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(what, forKey: .what)
    try container.encode(unit, forKey: .unit)
    try container.encode(ours, forKey: .ours)
    try container.encodeIfPresent(peer, forKey: .peer)
    try container.encodeIfPresent(theirs, forKey: .theirs)
    try container.encodeIfPresent(ratio, forKey: .ratio)
    if goal != nil { try container.encode(goalText, forKey: .goal) }
    try container.encodeIfPresent(isMet, forKey: .isMet)
  }
}
