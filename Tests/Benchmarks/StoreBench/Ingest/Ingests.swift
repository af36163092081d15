import BenchRig
import Foundation
import Glibc

/// Contenders taking in the same corpus in turns, each as a process, each into an empty store.
struct Ingests {
  /// What one contender took, round by round.
  struct Measured {
    var wall = Series()
    var cpu = Series()
    /// Wall time until a power cut takes nothing back: the run, and a sync(2) after it.
    var durable = Series()
  }

  let corpus: String
  let scratch: String
  let contenders: [any Contender]
  private(set) var measured: [String: Measured] = [:]

  init(corpus: String, scratch: String, contenders: [any Contender]) {
    self.corpus = corpus
    self.scratch = scratch
    self.contenders = contenders
  }

  /// The store that a contender made in the last round.
  func folder(of contender: any Contender) -> String { "\(scratch)/ingest-\(contender.name)" }

  /// Every contender once; who begins changes from round to round.
  mutating func measure(round: Int) throws {
    for contender in contenders {
      let folder = folder(of: contender)
      // Of the round before; in the first there is none.
      try? FileManager.default.removeItem(atPath: folder)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try contender.prepare(folder)
    }
    for turn in contenders.indices {
      let contender = contenders[(turn + round) % contenders.count]
      let folder = folder(of: contender)
      // What is dirty from before is nobody's burden.
      sync()
      let cost = try contender.ingest(corpus, into: folder)
      let watch = Stopwatch()
      sync()
      measured[contender.name, default: Measured()].wall.add(cost.wallSeconds)
      measured[contender.name, default: Measured()].cpu.add(cost.cpuSeconds)
      measured[contender.name, default: Measured()].durable
        .add(cost.wallSeconds + watch.wallSeconds)
    }
  }

  /// A line for each peer's wall time, CPU time, and wall time until all is durable.
  ///
  /// - Parameter goals: by the name of the peer.
  func figures(goals: [String: Double]) -> [Figure] {
    let ours = measured["larder"] ?? Measured()
    return contenders.filter { $0.name != "larder" }.flatMap { peer in
      let theirs = measured[peer.name] ?? Measured()
      let what = "ingest of 16 KiB files"
      return [
        Figure(
          what: "\(what), wall", unit: "s", ours: ours.wall, peer: peer.name, theirs: theirs.wall,
          goal: goals[peer.name].map { .ratio($0) }),
        Figure(
          what: "\(what), CPU", unit: "s", ours: ours.cpu, peer: peer.name, theirs: theirs.cpu),
        Figure(
          what: "\(what), wall until durable", unit: "s", ours: ours.durable, peer: peer.name,
          theirs: theirs.durable),
      ]
    }
  }
}
