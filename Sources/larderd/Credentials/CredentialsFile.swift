// Modules that NIO brings along take glibc's stat and timespec for their own.
import CDispatch
import FoundationEssentials
import Glibc
import LarderCore
import LarderOrigin
import LarderService

/// What `--credentials FILE` says: with which authorization origins are asked.
///
/// Whoever can read it has the tokens, so it is taken only if that is the daemon's user alone.
/// docs/manual.md has the members.
struct CredentialsFile {
  /// One authorization, in one of the ways to say it.
  private struct Credential: Decodable {
    var authorization: String?
    var token: String?
    var username: String?
    var password: String?
    var helper: [String]?

    enum Member: String, CodingKey, CaseIterable {
      case authorization, token, username, password, helper
    }

    init(from decoder: any Decoder) throws {
      let members = try decoder.members(Member.self)
      authorization = try members.decodeIfPresent(String.self, forKey: .authorization)
      token = try members.decodeIfPresent(String.self, forKey: .token)
      username = try members.decodeIfPresent(String.self, forKey: .username)
      password = try members.decodeIfPresent(String.self, forKey: .password)
      helper = try members.decodeIfPresent([String].self, forKey: .helper)
    }
  }

  /// Written by hand: 1 MiB is some thousand tokens.
  static let bytesMax = 1 << 20

  let credentials: OriginCredentials

  /// - Parameter credentialsFolder: `$CREDENTIALS_DIRECTORY`, where systemd (LoadCredential=) puts
  ///   files that the unit's user alone can read, which their modes do not show (systemd.exec(5)).
  /// - Throws: what is wrong, never with a part of the text.
  init(readingFrom path: String, credentialsFolder: String?) throws(DaemonError) {
    let text = try Self.read(path, credentialsFolder)
    let all: [String: Credential]
    do { all = try JSONDecoder().decode([String: Credential].self, from: text) } catch {
      throw DaemonError(credentials: path, Self.reason(error))
    }
    var entries: [OriginCredentials.Entry] = []
    for (origin, credential) in all.sorted(by: { Self.precedes($0.key, $1.key) }) {
      guard origin != "*" else {
        throw DaemonError(credentials: path, "'*' would tell it to every origin: name the origins")
      }
      let source = try Self.source(credential, origin, path)
      do { entries.append(try OriginCredentials.Entry(for: origin, source)) } catch {
        throw DaemonError(credentials: path, error.message)
      }
    }
    credentials = OriginCredentials(entries)
  }

  private static func read(
    _ path: String, _ credentialsFolder: String?
  ) throws(DaemonError) -> Data {
    func wrong(_ reason: String, isExposed: Bool = false) -> DaemonError {
      DaemonError(credentials: path, reason, isExposed: isExposed)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw wrong("it cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw wrong("it is no file")
    }
    guard [geteuid(), 0].contains(status.st_uid) else {
      throw wrong("it belongs to another user: chown it to the daemon's", isExposed: true)
    }
    // There the bits of the group are the mask of a list that admits the unit's user.
    let isSystemd = credentialsFolder.map { path.hasPrefix($0 + "/") } ?? false
    guard status.st_mode & (isSystemd ? 0o007 : 0o077) == 0 else {
      throw wrong("others than the daemon's user can read it: chmod 600 it", isExposed: true)
    }
    guard status.st_size <= bytesMax else {
      throw wrong("it has more than \(ByteCount(Int64(bytesMax)))")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count, off_t(count))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw wrong("it changed while it was read") }
      count += got
    }
    return Data(bytes)
  }

  private static func source(
    _ credential: Credential, _ origin: String, _ file: String
  ) throws(DaemonError) -> OriginCredentials.Source {
    let hasUser = credential.username != nil || credential.password != nil
    let ways = [
      credential.authorization != nil, credential.token != nil, hasUser, credential.helper != nil,
    ]
    guard ways.count(where: { $0 }) == 1 else {
      throw DaemonError(
        credentials: file,
        "'\(origin)' takes one of 'token', 'authorization', 'helper', or 'username' and 'password'")
    }
    if let helper = credential.helper {
      let program = CredentialProgram(command: helper)
      if let objection = program.objection {
        throw DaemonError(credentials: file, "'\(origin)': \(objection)")
      }
      return .program { (origin) async throws(ServiceError) in try await program.ask(for: origin) }
    }
    let value =
      if let token = credential.token {
        "Bearer \(token)"
      } else if let username = credential.username, let password = credential.password {
        "Basic \(Data("\(username):\(password)".utf8).base64EncodedString())"
      } else {
        credential.authorization ?? ""
      }
    guard AuthorizationValue.isOne(value), !hasUser || value.hasPrefix("Basic ") else {
      throw DaemonError(
        credentials: file,
        "what it has for '\(origin)' is no authorization: visible ASCII, at most "
          + "\(AuthorizationValue.bytesMax) bytes; a user name with its password")
    }
    return .value(value)
  }

  /// One host before all below another, a longer name before a shorter: the first that fits counts.
  private static func precedes(_ first: String, _ second: String) -> Bool {
    func key(_ text: String) -> (Int, Int, String) {
      (text.contains("*") ? 1 : 0, -text.count, text)
    }
    return key(first) < key(second)
  }

  private static func reason(_ error: any Error) -> String {
    let context: DecodingError.Context? =
      switch error {
      case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
        DecodingError.keyNotFound(_, let context):
        context
      // What stands there is not repeated, whatever it is.
      case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty: nil
      case DecodingError.dataCorrupted(let context): context
      default: nil
      }
    guard let context else { return "it is no JSON object of origins" }
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return "'\(place)' is not what stands there: an origin has 'token', 'authorization', 'helper' "
      + "(a list), or 'username' and 'password'"
  }
}

/// The value of an `Authorization` header.
enum AuthorizationValue {
  /// As much as servers take of one header.
  static let bytesMax = 16_384

  /// Whether a header may carry it.
  static func isOne(_ text: String) -> Bool {
    (1...bytesMax).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
      && text.first != " " && text.last != " "
  }
}
