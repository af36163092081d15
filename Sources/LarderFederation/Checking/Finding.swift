/// Something about a set of containers that somebody should know before they meet in one host.
package struct Finding: Codable, Hashable, Sendable {
  /// How bad it is, in the words of SARIF 2.1.0, section 3.27.10.
  package enum Level: String, Codable, Sendable, CaseIterable, Comparable {
    /// It works, and could be better.
    case note
    /// It works in some orders of loading, or in a way that nobody asked for.
    case warning
    /// A module fails.
    case error

    package static func < (left: Level, right: Level) -> Bool {
      func rank(_ level: Level) -> Int { allCases.firstIndex(of: level) ?? 0 }
      return rank(left) < rank(right)
    }
  }

  /// What is wrong; the raw values are stable.
  package enum Rule: String, Codable, Sendable, CaseIterable {
    case conflict
    case singletonsDiffer
    case eagerWithoutProvider
    case unknownVersion
    case unsharedSubpath
    case missingExpose
    case uncheckedRemote
    case equalUniqueNames
    case duplicateBytes

    /// One sentence for people.
    package var summary: String {
      switch self {
      case .conflict: "No provided version is in a consumer's range."
      case .singletonsDiffer: "Which version of a singleton runs depends on who loads it first."
      case .eagerWithoutProvider: "An eager consumer has no eager provider."
      case .unknownVersion: "A package is provided without a version, as version 0."
      case .unsharedSubpath:
        "A part of a package is shared by some who share the package, not by all."
      case .missingExpose: "A container imports what another does not expose."
      case .uncheckedRemote: "A container imports from one that is not among those checked."
      case .equalUniqueNames: "Two containers have one unique name."
      case .duplicateBytes: "Containers carry equal files that are not shared."
      }
    }
  }

  package var rule: Rule
  package var level: Level
  /// The builds' target; nil where they do not tell.
  package var target: ContainerTarget?
  /// Whom it concerns, the one first that has to change.
  package var containers: [String]
  /// The shared package, the exposed module or the remote; nil where there is none.
  package var subject: String?
  package var message: String
  /// What to do about it.
  package var remedy: String
}
