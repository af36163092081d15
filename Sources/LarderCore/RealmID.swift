/// The number by which segments and the index know a realm; the registry holds its name.
package struct RealmID: Hashable, Sendable, Codable, Comparable {
  /// 1 and up: 0 marks memory that was never written.
  package let rawValue: UInt32

  /// - Precondition: `rawValue` is not 0.
  package init(_ rawValue: UInt32) {
    precondition(rawValue != 0, "realm 0 does not exist")
    self.rawValue = rawValue
  }

  package static func < (left: RealmID, right: RealmID) -> Bool { left.rawValue < right.rawValue }
}

extension RealmID: CustomStringConvertible {
  package var description: String { "realm \(rawValue)" }
}
