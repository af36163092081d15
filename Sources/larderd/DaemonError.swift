import LarderOrigin
import LarderPlatform
import LarderRegistry
import LarderService
import LarderStore
import SystemPackage

/// Why the daemon did not start, with an exit status as in sysexits(3).
struct DaemonError: Error {
  let message: String
  let exitCode: Int32

  /// Another daemon has the store, or the disk does not do what a store needs.
  init(_ error: StoreError) {
    message = error.description
    exitCode =
      switch error.code {
      case .locked: 75
      case .noSpace: 73
      case .insecure: 77
      case .unsupportedFormat: 65
      default: 74
      }
  }

  init(_ error: RegistryError) {
    message = error.description
    exitCode =
      switch error.code {
      case .locked: 75
      case .noSpace: 73
      case .notARegistry, .newerSchema, .corrupt: 65
      default: 74
      }
  }

  init(_ error: OriginError) {
    message = error.description
    exitCode = 66
  }

  init(_ error: ServiceError) {
    message = error.description
    exitCode = error.code == .badRequest ? 64 : 74
  }

  /// A policy that cannot be followed (EX_CONFIG).
  init(policy file: String, _ reason: String) {
    message = "the policy \(file): \(reason)"
    exitCode = 78
  }

  /// Credentials that cannot be used (EX_CONFIG), or that others could read (EX_NOPERM).
  init(credentials file: String, _ reason: String, isExposed: Bool = false) {
    message = "the credentials \(file): \(reason)"
    exitCode = isExposed ? 77 : 78
  }

  /// Sites that are shown nowhere, or nothing to show (EX_CONFIG).
  init(edge reason: String) {
    message = "the edge: \(reason)"
    exitCode = 78
  }

  /// A certificate that cannot be used (EX_CONFIG).
  init(certificate file: String, _ reason: String) {
    message = "the certificate \(file): \(reason)"
    exitCode = 78
  }

  init(_ error: SystemCallError) {
    message = error.description
    exitCode = error.errno == .addressInUse ? 75 : 71
  }
}
