import FoundationEssentials
import LarderClient
import LarderCore
import LarderMessages

/// What an archive of releases begins with: `larder.json`, before `blobs/sha256/<digest>` for each
/// blob, once.
struct ReleaseArchive: Codable {
  struct Release: Codable {
    /// 32 hexadecimal digits, as it was where it was exported.
    let release: String
    /// What makes it again.
    let content: PublishMessage.Request
  }

  /// Of this form; another is refused.
  static let format = 1
  static let headName = "larder.json"
  static let blobFolder = "blobs/sha256/"
  /// Some hundred thousand files.
  static let headBytesMax = 64 << 20

  let format: Int
  /// In the order in which they are published: the last one of a name becomes `current`.
  let releases: [Release]

  init(_ releases: [Release]) {
    format = ReleaseArchive.format
    self.releases = releases
  }

  /// - Throws: `truncated` for what is no head of this form.
  init(reading bytes: [UInt8], of name: String) throws(ClientError) {
    do { self = try JSONDecoder().decode(ReleaseArchive.self, from: Data(bytes)) } catch {
      throw .archive(name, "its \(ReleaseArchive.headName) cannot be read: \(error)")
    }
    guard format == ReleaseArchive.format else {
      throw .archive(name, "it has form \(format), this program knows \(ReleaseArchive.format)")
    }
  }

  /// Every blob that the releases have, once, in the order in which it is first named.
  var blobs: [Digest] {
    var seen: Set<Digest> = []
    return releases.flatMap(\.content.variants).flatMap {
      [$0.stats].compactMap(\.self) + $0.files.map(\.digest)
    }
    .filter { seen.insert($0).inserted }
  }
}

extension ClientError {
  /// What somebody gave us is no archive of ours, or not all of one.
  static func archive(_ name: String, _ reason: String) -> ClientError {
    ClientError(
      code: .truncated, message: "'\(name)' is no whole archive of releases: \(reason)",
      remedy: "make it with 'larder export'", subject: name)
  }
}
