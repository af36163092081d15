/// What a release may call its files.
enum AssetPath {
  /// Whether `path` names something below a folder: segments joined by `/`, none empty, `.` or
  /// `..`, no backslash and no control character, so that it is safe wherever somebody makes a URL
  /// or a file name of it.
  static func isPlain(_ path: String) -> Bool {
    guard !path.isEmpty,
      path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") })
    else { return false }
    return path.split(separator: "/", omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }
}
