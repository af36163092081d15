/// The JavaScript that is part of the program: the host library for pages, and the way in which
/// remotes are found by name.
struct Library: Sendable {
  /// What the gateway puts a release behind.
  static let entryPath = "lib/gateway/entry.js"

  /// By path below the package.
  let files: [String: EmbeddedFiles.File]
  /// An expression for a function that takes a release.
  let entry: [UInt8]

  init() {
    var files = EmbeddedFiles.all.filter { !$0.key.hasPrefix(EmbeddedFiles.consoleFolder) }
    entry = files.removeValue(forKey: Self.entryPath)?.bytes ?? []
    precondition(!entry.isEmpty, "\(Self.entryPath) is embedded")
    self.files = files
  }
}
