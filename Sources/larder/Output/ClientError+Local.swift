import LarderClient
import LarderFederation
import LarderPlatform
import SystemPackage

extension ClientError.Code {
  /// A `stats.json` that cannot be read or lacks a member.
  static let invalidBuild = Self(rawValue: "invalidBuild")
  /// HTML, or a chunk of another id, where code was named.
  static let notJavaScript = Self(rawValue: "notJavaScript")
  /// No remote of that name is registered.
  static let unknownRemote = Self(rawValue: "unknownRemote")
}

/// What goes wrong before the daemon is asked, in the codes that it would use.
extension ClientError {
  /// Arguments that no command can do anything with; exits with 64.
  static func usage(_ message: String, remedy: String? = nil) -> ClientError {
    ClientError(code: .badRequest, message: message, remedy: remedy)
  }

  /// A file that could not be handled: `attempt` is `read`, `write` or another verb.
  static func file(_ attempt: String, _ error: SystemCallError) -> ClientError {
    let code: Code =
      switch error.errno {
      case .noSuchFileOrDirectory, .notDirectory: .notFound
      case .noSpace, .diskQuotaExceeded: .noSpace
      default: .io
      }
    return ClientError(
      code: code, message: "cannot \(attempt) '\(error.object)': \(error.errno)",
      remedy: error.remedy, subject: error.object)
  }

  /// A build in `folder` that tells of no container.
  static func build(_ error: ImportError, in folder: FilePath) -> ClientError {
    ClientError(
      code: error.kind == .tooLarge ? .tooLarge : .invalidBuild,
      message: "\(folder): \(error.message)", remedy: error.remedy, subject: folder.string)
  }
}
