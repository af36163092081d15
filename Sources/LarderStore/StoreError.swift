package import LarderCore
package import LarderPlatform
import SystemPackage

/// Why the store refused: a code to decide by, a sentence to read, and the system call beneath, if
/// any.
package struct StoreError: Error, Sendable {
  /// What kind of refusal it is; faces map these to their own status.
  package enum Code: Hashable, Sendable {
    /// No realm that was asked about has the blob.
    case notFound
    /// What is stored failed its verification; the blob is a miss from now on and can be put again.
    case corrupt
    /// The disk or the quota is full; nothing of the write is visible, reads go on.
    case noSpace
    /// The blob is larger than `Store.Options.blobSizeMax`.
    case tooLarge
    /// The bytes that came are not those that were announced; nothing was stored under either name.
    case digestMismatch(expected: Digest, actual: Digest)
    /// Another process has the store open; its process id, where it could be read.
    case locked(holder: Int32?)
    /// The file system takes no writes.
    case readOnly
    /// Others than the owner may write in the store's directory.
    case insecure
    /// A call to the system or to SQLite failed; after a failed sync the write is not durable.
    case io
    /// The files were written by a version of Larder that this one does not know.
    case unsupportedFormat
    /// A limit on what is open or leased at a time is reached, or content is held.
    case busy
    /// The store, or the ingest, was closed before.
    case closed
  }

  package let code: Code
  /// What was attempted, on which object, and why it failed.
  package let message: String
  /// What to do about it, where something is known to help and `message` does not say it.
  package let remedy: String?
  /// The call that failed beneath, where there was one.
  package let cause: SystemCallError?

  package init(
    _ code: Code, _ message: String, remedy: String? = nil, cause: SystemCallError? = nil
  ) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.cause = cause
  }

  /// Sorts a failed call by its errno.
  init(_ attempt: String, cause: SystemCallError) {
    let code: Code =
      switch cause.errno {
      case .noSpace, .diskQuotaExceeded: .noSpace
      case .readOnlyFileSystem: .readOnly
      default: .io
      }
    self.init(
      code, "cannot \(attempt): \(cause.call) '\(cause.object)': \(cause.errno)",
      remedy: cause.remedy, cause: cause)
  }

  static func corrupt(_ object: String, _ finding: String) -> StoreError {
    StoreError(
      .corrupt, "\(object) is damaged on disk: \(finding); it is a miss now, fetch or put it again")
  }
}

extension StoreError: CustomStringConvertible {
  package var description: String { remedy.map { "\(message); \($0)" } ?? message }
}

/// Runs a call of the platform and says what it was for if it fails.
func attempting<Result: ~Copyable>(
  _ attempt: @autoclosure () -> String, _ body: () throws(SystemCallError) -> Result
) throws(StoreError) -> Result {
  do {
    return try body()
  } catch {
    throw StoreError(attempt(), cause: error)
  }
}
