import FoundationEssentials
import LarderCore
import LarderOrigin
import LarderService
import SystemPackage

/// What `--policy FILE` says: realms, sockets with the peers that each admits, and sites of the public.
///
/// Written by hand, so a member that nobody knows is an error, not a right that was meant and not
/// granted. docs/manual.md has the members.
struct PolicyFile: Decodable, Sendable {
  struct Realm: Sendable {
    var parents: [String]
    var origins: [String]
    var quotaGiB: Int64?
    /// A path.
    var credentials: String?
    /// As people write durations.
    var updateEvery: String?
    var keepReleases: Int?
    var keepDays: Int64?
    /// One of the words of `ReleaseCompletion`.
    var complete: String?
    var sharing: Sharing?
  }

  /// Whose packages may serve whom.
  enum Sharing: Sendable {
    /// A word for a rule that is often wanted.
    case word(String)
    case rules([SharingRule])
  }

  struct SharingRule: Sendable {
    var from: [String]
    var to: [String]
  }

  /// Those of a socket's peers that have one realm and the same rights there.
  struct Peers: Sendable {
    /// Names or numbers; nil, with no groups, for whoever can open the socket.
    var users: [Account]?
    var groups: [Account]?
    var realm: String
    var may: [String]?
  }

  struct Socket: Sendable {
    var path: String
    var peers: [Peers]
  }

  /// A user or a group as an administrator writes it.
  enum Account: Sendable, Hashable {
    case name(String)
    case number(UInt32)
  }

  var realms: [String: Realm]
  var sockets: [Socket]
  var sites: [Site]

  /// A policy is written by hand: 1 MiB is some ten thousand realms.
  static let bytesMax = 1 << 20

  /// - Throws: what is wrong with the file, naming the member.
  init(readingFrom path: String) throws(DaemonError) {
    let text: Data
    do { text = try Data(contentsOf: URL(filePath: path)) } catch {
      throw DaemonError(policy: path, "it cannot be read: \(error)")
    }
    guard text.count <= Self.bytesMax else {
      throw DaemonError(policy: path, "it has more than \(ByteCount(Int64(Self.bytesMax)))")
    }
    do { self = try JSONDecoder().decode(PolicyFile.self, from: text) } catch {
      throw DaemonError(policy: path, Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let DecodingError.keyNotFound(key, context):
      "'\(key.stringValue)' is missing\(place(context))"
    case let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context),
      let DecodingError.dataCorrupted(context):
      "\(context.debugDescription)\(place(context))"
    default: "\(error)"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    guard !context.codingPath.isEmpty else { return "" }
    return " at "
      + context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      .joined(separator: ".")
  }

  // MARK: - Decoding

  private enum Member: String, CodingKey, CaseIterable { case realms, sockets, sites }

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(Member.self)
    realms = try members.decodeIfPresent([String: Realm].self, forKey: .realms) ?? [:]
    sockets = try members.decode([Socket].self, forKey: .sockets)
    sites = try members.decodeIfPresent([Site].self, forKey: .sites) ?? []
  }
}

extension PolicyFile.Realm: Decodable {
  private enum Member: String, CodingKey, CaseIterable {
    case parents, origins, quotaGiB, credentials, updateEvery, keepReleases, keepDays, complete,
      sharing
  }

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(Member.self)
    parents = try members.decodeIfPresent([String].self, forKey: .parents) ?? []
    origins = try members.decodeIfPresent([String].self, forKey: .origins) ?? []
    quotaGiB = try members.decodeIfPresent(Int64.self, forKey: .quotaGiB)
    credentials = try members.decodeIfPresent(String.self, forKey: .credentials)
    updateEvery = try members.decodeIfPresent(String.self, forKey: .updateEvery)
    keepReleases = try members.decodeIfPresent(Int.self, forKey: .keepReleases)
    keepDays = try members.decodeIfPresent(Int64.self, forKey: .keepDays)
    complete = try members.decodeIfPresent(String.self, forKey: .complete)
    sharing = try members.decodeIfPresent(PolicyFile.Sharing.self, forKey: .sharing)
  }
}

extension PolicyFile.Sharing: Decodable {
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    // What is no word has to be rules, or the error of those is told.
    if let word = try? value.decode(String.self) {
      self = .word(word)
    } else {
      self = .rules(try value.decode([PolicyFile.SharingRule].self))
    }
  }
}

extension PolicyFile.SharingRule: Decodable {
  private enum Member: String, CodingKey, CaseIterable { case from, to }

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(Member.self)
    from = try members.decode([String].self, forKey: .from)
    to = try members.decode([String].self, forKey: .to)
  }
}

extension PolicyFile.Peers: Decodable {
  private enum Member: String, CodingKey, CaseIterable { case users, groups, realm, may }

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(Member.self)
    users = try members.decodeIfPresent([PolicyFile.Account].self, forKey: .users)
    groups = try members.decodeIfPresent([PolicyFile.Account].self, forKey: .groups)
    realm = try members.decode(String.self, forKey: .realm)
    may = try members.decodeIfPresent([String].self, forKey: .may)
  }
}

extension PolicyFile.Socket: Decodable {
  private enum Member: String, CodingKey, CaseIterable { case path, peers }

  init(from decoder: any Decoder) throws {
    let members = try decoder.members(Member.self)
    path = try members.decode(String.self, forKey: .path)
    peers = try members.decode([PolicyFile.Peers].self, forKey: .peers)
  }
}

extension PolicyFile.Account: Decodable {
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    // What is no number has to be a name, or the error of that is told.
    if let number = try? value.decode(UInt32.self) {
      self = .number(number)
    } else {
      self = .name(try value.decode(String.self))
    }
  }
}
