/// The family of federation runtime that a build carries, which decides how it negotiates.
///
/// Chosen per consuming container from its build, never per host: a container that webpack 5.75
/// built selects as webpack 5.75 does, whoever loads it. The raw values are written into plans and
/// the registry. docs/sharing.md tells what each rule does.
package enum RuleSet: String, Sendable, Codable, CaseIterable {
  /// webpack 5.93 and later: an eager consumer considers eager entries only.
  case webpack
  /// webpack 5.0 to 5.92, named after the release whose behaviour was recorded: selection ignores
  /// `eager`.
  case webpack575 = "webpack-5.75"
  /// Module Federation 2 with its default strategy: the highest version, unless one is loaded.
  case mf2VersionFirst = "mf2-version-first"
  /// Module Federation 2 where the build chose `shareStrategy: "loaded-first"`: what is loaded
  /// already, whatever its version.
  case mf2LoadedFirst = "mf2-loaded-first"

  /// The rules of the webpack release that `text` names (`5.97.1`), as `stats.json` states it.
  ///
  /// Two things changed close together. 5.92 began to read the range `~1` as `^1`, a matter of the
  /// build: the range arrives here already compiled. 5.93 began to look at `eager` when selecting,
  /// a matter of the runtime. The boundary is therefore 5.93; a 5.92 build is exact under
  /// `webpack-5.75` when its ranges come from its statistics. A text that names no release counts
  /// as the newest.
  package init(webpackVersion text: String) {
    let numbers = text.split(separator: ".").prefix(2).map { Int($0) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else {
      self = .webpack
      return
    }
    self = (major, minor) < (5, 93) ? .webpack575 : .webpack
  }

  /// Whether the runtime is Module Federation 2's rather than webpack's own.
  package var isModuleFederation2: Bool { self == .mf2VersionFirst || self == .mf2LoadedFirst }

  /// Whether a range of the form `~1` means `^1` when webpack compiles it; before, it matched the
  /// bare version only.
  package var readsTildeMajorAsCaret: Bool { self != .webpack575 }

  /// Whether selection for an eager consumer leaves out entries that are not eager.
  package var selectsEagerOnly: Bool { self == .webpack }
}
