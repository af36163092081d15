/// The bytes that a name may have, shared by the kinds of names.
enum NameRule {
  /// Whether `text` has 1 to `bytesMax` bytes of ASCII letters, digits and `extra`, begins with
  /// none of `.-/`, ends with no `/`, and has no segment that is empty, `.` or `..`.
  ///
  /// The last rule keeps a name harmless where somebody makes a path or a URL of it.
  static func accepts(_ text: String, extra: String, bytesMax: Int) -> Bool {
    let bytes = text.utf8
    guard (1...bytesMax).contains(bytes.count), let first = bytes.first else { return false }
    guard !".-/".utf8.contains(first) else { return false }
    let allowed = bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: extra.utf8.contains(byte)
      }
    }
    guard allowed else { return false }
    return bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }
}

/// The name under which a remote is registered, as a host's configuration refers to it.
///
/// 1 to 64 bytes of ASCII letters, digits and `. _ - $ @ /`, beginning with a letter, a digit or `_
/// $ @`: webpack container names (identifiers) and package names (`@scope/app`) both fit. Case
/// counts.
package struct RemoteName: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let description: String

  /// Nil for a text that breaks the rule.
  package init?(_ text: String) {
    guard NameRule.accepts(text, extra: "._-$@/", bytesMax: 64) else { return nil }
    description = text
  }

  /// As `init?`, with an error that says the rule.
  ///
  /// - Throws: `RegistryError` of code `invalid`.
  package init(checking text: String) throws(RegistryError) {
    guard let name = RemoteName(text) else {
      throw RegistryError(
        .invalid, "'\(text.prefix(80))' is not a remote's name",
        remedy: "use 1 to 64 letters, digits and . _ - $ @ /, as in 'nav' or '@scope/nav'")
    }
    self = name
  }

  package static func < (left: RemoteName, right: RemoteName) -> Bool {
    left.description < right.description
  }
}

/// The name of a trust domain: 1 to 128 bytes of ASCII letters, digits and `. _ - @ / :`, as in
/// `default`, `uid:1000` or `job:pr/nav`.
package struct RealmName: Hashable, Sendable, CustomStringConvertible {
  package let description: String

  /// Nil for a text that breaks the rule.
  package init?(_ text: String) {
    guard NameRule.accepts(text, extra: "._-@/:", bytesMax: 128) else { return nil }
    description = text
  }
}

/// A space of keys in a realm, such as a build tool's: 1 to 64 bytes of ASCII letters, digits and `.
/// _ - @ /`, as in `turbo` or `@scope/cache`.
package struct NamespaceName: Hashable, Sendable, CustomStringConvertible {
  package let description: String

  /// Nil for a text that breaks the rule.
  package init?(_ text: String) {
    guard NameRule.accepts(text, extra: "._-@/", bytesMax: 64) else { return nil }
    description = text
  }
}

/// The name of a pointer at a release: 1 to 64 bytes of ASCII letters, digits and `. _ -`.
package struct ChannelName: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let description: String

  /// The channel that hosts use unless they name another.
  package static let current = ChannelName(trusted: "current")

  /// Nil for a text that breaks the rule.
  package init?(_ text: String) {
    guard NameRule.accepts(text, extra: "._-", bytesMax: 64) else { return nil }
    description = text
  }

  private init(trusted: String) { description = trusted }

  package static func < (left: ChannelName, right: ChannelName) -> Bool {
    left.description < right.description
  }
}

/// The name of a release: 32 lower-case hexadecimal digits, the first half of a SHA-256 over what
/// it holds (docs/protocol.md says over which bytes).
package struct ReleaseID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let description: String

  /// Nil for anything but 32 lower-case hexadecimal digits.
  package init?(_ text: String) {
    let isDigit: (UInt8) -> Bool = { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
    guard text.utf8.count == 32, text.utf8.allSatisfy(isDigit) else { return nil }
    description = text
  }

  package static func < (left: ReleaseID, right: ReleaseID) -> Bool {
    left.description < right.description
  }
}
