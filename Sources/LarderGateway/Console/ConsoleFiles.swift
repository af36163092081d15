/// The console's page with what it loads, as it is built into the program.
struct ConsoleFiles: Sendable {
  static let pageName = "index.html"

  /// By path below that folder.
  let files: [String: EmbeddedFiles.File]

  init() {
    var files: [String: EmbeddedFiles.File] = [:]
    for (path, file) in EmbeddedFiles.all where path.hasPrefix(EmbeddedFiles.consoleFolder) {
      files[String(path.dropFirst(EmbeddedFiles.consoleFolder.count))] = file
    }
    precondition(files[Self.pageName] != nil, "the console has a page")
    self.files = files
  }

  /// With its parameters.
  static func mediaType(of path: String) -> String {
    switch path.split(separator: ".").last {
    case "js": "text/javascript; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "svg": "image/svg+xml"
    default: "text/html; charset=utf-8"
    }
  }
}
