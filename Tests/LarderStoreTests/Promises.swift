import LarderCore

@testable import LarderStore

/// What a store was given, and what it told about it: the oracle of every campaign.
struct Promises: Sendable {
  struct Blob: Sendable {
    let realm: RealmID
    let bytes: [UInt8]
    let digest: Digest
  }

  /// What a caller was told when a step succeeded.
  enum Answer: Sendable {
    case stored(Int, AckLevel)
    /// All that was accepted before is durable.
    case synced
    /// Said before a step that may take it away.
    case mayGo(Set<Int>)
  }

  /// All that was ever sent, answered or not.
  private(set) var blobs: [Blob] = []
  private(set) var answers: [Answer] = []

  /// What was promised of each blob after the first `count` answers; nothing of the others.
  func levels(after count: Int) -> [Int: AckLevel] {
    var levels: [Int: AckLevel] = [:]
    for answer in answers.prefix(count) {
      switch answer {
      case .stored(let blob, let level):
        if levels[blob] != .durable { levels[blob] = level }
      case .synced: for blob in levels.keys { levels[blob] = .durable }
      case .mayGo(let blobs): for blob in blobs { levels[blob] = nil }
      }
    }
    return levels
  }

  mutating func send(_ bytes: [UInt8], to realm: RealmID) -> Int {
    blobs.append(Blob(realm: realm, bytes: bytes, digest: LarderStoreTests.digest(bytes)))
    return blobs.count - 1
  }

  /// - Returns: the number of the answer.
  mutating func note(_ answer: Answer) -> Int {
    answers.append(answer)
    return answers.count
  }

  /// How a store is read in a check; a broken one tells whether the check would notice.
  typealias Reading = @Sendable (Store, Blob) throws -> [UInt8]

  static let reading: Reading = { store, blob in try store.read(blob.digest, in: [blob.realm]) }

  /// Holds an open store to what was promised: each blob whole and right, or absent where that is
  /// allowed.
  ///
  /// - Returns: what is wrong, in words.
  func violations(
    of store: Store, levels: [Int: AckLevel], keepsAccepted: Bool,
    reading: Reading = Promises.reading
  ) -> [String] {
    var found: [String] = []
    for (number, blob) in blobs.enumerated() {
      let level = levels[number]
      let isPromised = level == .durable || level == .accepted && keepsAccepted
      guard store.stat(blob.digest, in: [blob.realm]) != nil else {
        if isPromised { found.append("blob \(number) is lost, though it is \(level, default: "")") }
        continue
      }
      do {
        if try reading(store, blob) != blob.bytes { found.append("blob \(number) has other bytes") }
      } catch {
        found.append("blob \(number) is shown and cannot be read: \(error)")
      }
    }
    return found
  }
}
