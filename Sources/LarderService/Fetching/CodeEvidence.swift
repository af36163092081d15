/// Evidence that bytes are not the code that was asked for.
///
/// Only positive evidence counts: what cannot be told is let through, since size and digest are checked elsewhere.
enum CodeEvidence {
  private static let scriptEndings = [".js", ".mjs", ".cjs"]

  /// Whether a path or URL (its query left out) names a script.
  static func namesScript(_ path: String) -> Bool {
    let end = path.firstIndex { $0 == "?" || $0 == "#" } ?? path.endIndex
    return scriptEndings.contains { path[..<end].hasSuffix($0) }
  }

  /// The error that HTML in the place of a script is; nil if nothing speaks against the bytes.
  ///
  /// A script cannot begin with `<`: a page that says "not found" with status 200 does.
  static func against(_ bytes: some Collection<UInt8>, path: String) -> ServiceError? {
    guard namesScript(path) else { return nil }
    let blank: Set<UInt8> = [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xef, 0xbb, 0xbf]
    guard bytes.first(where: { !blank.contains($0) }) == UInt8(ascii: "<") else { return nil }
    return html(path)
  }

  /// As `against`, by the `Content-Type` that an origin sent.
  static func against(contentType: String?, path: String) -> ServiceError? {
    guard namesScript(path), let type = contentType?.lowercased(), type.hasPrefix("text/html")
    else { return nil }
    return html(path)
  }

  private static func html(_ path: String) -> ServiceError {
    ServiceError(
      .notJavaScript, "'\(path)' is HTML where JavaScript was named",
      remedy: "check the URL, and that the deploy is whole: the server answers with a page",
      subject: path)
  }
}
