/// The media type of a file by its name (IANA's registry), for who serves it later.
enum MediaType {
  /// `application/octet-stream` for an ending that is not known.
  static func of(_ path: String) -> String {
    let ending = path.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    return byEnding[ending.lowercased()] ?? "application/octet-stream"
  }

  private static let byEnding = [
    "js": "text/javascript", "mjs": "text/javascript", "cjs": "text/javascript",
    "css": "text/css", "html": "text/html", "json": "application/json",
    "map": "application/json", "wasm": "application/wasm", "svg": "image/svg+xml",
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon", "woff": "font/woff",
    "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf", "txt": "text/plain",
  ]
}
