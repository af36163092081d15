/// Paths of a build's files below its root, as names in its code lead to them.
enum BuildPath {
  /// With its slash; empty for a file at the root.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// The file that a name leads to: `main.js?v=1` is `main.js`.
  static func withoutQuery(_ name: String) -> String {
    String(name.prefix { $0 != "?" && $0 != "#" })
  }

  /// `name` beside the files of `folder`, `./` and `../` worked out; never above the root.
  static func joined(_ folder: String, _ name: String) -> String {
    var parts = folder.split(separator: "/")
    for part in name.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }

  /// Whether a name is a path, and neither a URL nor data.
  static func isRelative(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/") && !name.hasPrefix("#") && !name.hasPrefix("data:")
      && !name.contains("://") && !name.hasPrefix("blob:")
  }
}
