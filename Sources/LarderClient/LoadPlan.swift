import LarderCore
import LarderFederation
import LarderMessages

/// All that a host must load to run exposed modules, with the bytes.
public struct LoadPlan: Sendable {
  /// One file of a container.
  public struct File: Sendable {
    /// The name of the remote that it belongs to.
    public let container: String
    /// Relative to the build's output folder.
    public let path: String
    /// `entry`, `chunk`, `style` or `asset`.
    public let kind: String
    /// Whether it is needed before the modules' factories resolve; else behind an `import()`.
    public let isRequired: Bool
    /// Nil while a release is first fetched, and where the file cannot be had.
    public let digest: BlobDigest?
    /// Nil where it was not asked for, or is among those that the host has.
    public let content: MappedBlob?
  }

  /// What will fail, and of what. The rest of the plan holds.
  public struct Problem: Sendable, Hashable {
    /// As in the protocol, such as `missingRemote`.
    public let kind: String
    /// The name of the remote that it concerns.
    public let container: String
    /// The exposed module that it concerns; nil where the host itself is.
    public let expose: String?
    /// Whether the modules that were asked for fail; else only what an `import()` loads later.
    public let isRequired: Bool
    /// What went wrong.
    public let message: String
    /// What to do about it.
    public let remedy: String
  }

  /// In load order.
  public let files: [File]
  /// None where everything that was asked for can load, as far as can be known.
  public let problems: [Problem]
  /// The JSON before the bytes, as the protocol describes it (OPEN): under `plan` there are also
  /// initialisation, shares and order of execution, for a runtime that is to follow them.
  public let json: [UInt8]

  init(_ answer: OpenPlacesReader.Answer) {
    let contents = Dictionary(
      zip(answer.head.blobs.map(\.digest), answer.blobs), uniquingKeysWith: { first, _ in first })
    files = (answer.head.plan?.files ?? []).map { file in
      File(
        container: file.container, path: file.path, kind: file.kind.rawValue,
        isRequired: file.phase == .required, digest: file.digest.map { BlobDigest($0) },
        content: file.digest.flatMap { contents[$0] })
    }
    problems = (answer.head.plan?.errors ?? []).map { error in
      Problem(
        kind: error.kind.rawValue, container: error.container, expose: error.expose,
        isRequired: error.phase == .required, message: error.message, remedy: error.remedy)
    }
    json = answer.text
  }
}
