/// Why nothing can be imported from what describes a build.
package struct ImportError: Error, Hashable, Sendable {
  /// What the caller may want to tell apart.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// More bytes than the importer takes.
    case tooLarge
    /// Of another form than its name or its beginning says.
    case malformed
    /// A field is missing that an option of the build can turn on.
    case missingField
    /// Nothing in it is a container: the build exposes nothing, or it is some other file.
    case noContainer
    /// No file of the build tells of a container.
    case noSource
  }

  /// For exit codes and replies.
  package let kind: Kind
  /// What was attempted, on which object.
  package let message: String
  /// What to do about it.
  package let remedy: String

  package init(_ kind: Kind, _ message: String, remedy: String) {
    self.kind = kind
    self.message = message
    self.remedy = remedy
  }
}

extension ImportError: CustomStringConvertible {
  /// The message and the remedy.
  package var description: String { "\(message); \(remedy)" }
}

// MARK: - Statistics

extension ImportError {
  static func tooLarge(_ count: Int, max: Int) -> ImportError {
    ImportError(
      .tooLarge, "cannot import statistics of \(count) bytes: at most \(max) are read",
      remedy: "build with 'stats: {source: false, optimizationBailout: false}' to make them smaller"
    )
  }

  static func malformed(_ detail: String) -> ImportError {
    ImportError(
      .malformed, "cannot import statistics: \(detail)",
      remedy: "write them with 'webpack --json=stats.json'")
  }

  static func missing(_ field: String, of compilation: String, option: String) -> ImportError {
    ImportError(
      .missingField, "cannot import statistics of \(compilation): '\(field)' is missing",
      remedy: "build with 'stats: {\(option)}', or without a 'stats' option")
  }

  static let noContainer = ImportError(
    .noContainer, "cannot import statistics: no compilation has a container entry",
    remedy: "build with ModuleFederationPlugin and 'exposes'")
}

// MARK: - Entries

extension ImportError {
  static func tooLong(_ path: String, _ count: Int, max: Int) -> ImportError {
    ImportError(
      .tooLarge, "cannot read '\(path)' of \(count) bytes: at most \(max) are read",
      remedy: "build without inlined assets, or beside a stats.json")
  }

  static func noEntry(_ path: String, _ reason: String) -> ImportError {
    ImportError(
      .noContainer, "'\(path)' is no entry of a federated build: \(reason)",
      remedy:
        "name the file that ModuleFederationPlugin's 'filename' names, remoteEntry.js as a rule")
  }
}
