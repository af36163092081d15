import LarderFederation

/// Evidence that bytes are not the code that was asked for.
///
/// Only positive evidence counts: what cannot be told is let through, since size and digest are
/// checked elsewhere.
enum CodeEvidence {
  private static let scriptEndings = [".js", ".mjs", ".cjs"]

  /// Whether a path or URL (its query left out) names a script.
  static func namesScript(_ path: String) -> Bool {
    let end = path.firstIndex { $0 == "?" || $0 == "#" } ?? path.endIndex
    return scriptEndings.contains { path[..<end].hasSuffix($0) }
  }

  /// The error that HTML in the place of a script is; nil if nothing speaks against the bytes.
  ///
  /// A script cannot begin with `<`, but for `<!--`, which is a comment (ECMAScript, B.1.1): a page
  /// that says "not found" with status 200 does.
  static func against(_ bytes: some Collection<UInt8>, path: String) -> ServiceError? {
    guard namesScript(path) else { return nil }
    let blank: Set<UInt8> = [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xef, 0xbb, 0xbf]
    let start = bytes.drop { blank.contains($0) }.prefix(4)
    guard start.first == UInt8(ascii: "<"), !start.elementsEqual("<!--".utf8) else { return nil }
    return html(path)
  }

  /// As `against`, by the `Content-Type` that an origin sent.
  static func against(contentType: String?, path: String) -> ServiceError? {
    guard namesScript(path), let type = contentType?.lowercased(), type.hasPrefix("text/html")
    else { return nil }
    return html(path)
  }

  /// The error that a chunk is which gives itself other identifiers than its build does; nil for
  /// what is no chunk or does not tell.
  ///
  /// - Parameter head: the file's first bytes, `ChunkCode.headSize` of them where it has so many.
  static func against(
    chunk head: some Collection<UInt8>, path: String, of facts: ContainerFacts
  ) -> ServiceError? {
    let known = facts.chunkIDs(in: path)
    guard !known.isEmpty, namesScript(path),
      let declared = ChunkCode(String(decoding: head, as: UTF8.self)).declaredIDs,
      known.isDisjoint(with: declared)
    else { return nil }
    return ServiceError(
      .notJavaScript,
      "'\(path)' says that it is chunk \(declared.joined(separator: ", ")), not "
        + known.sorted().joined(separator: ", "),
      remedy: "check that the deploy is whole: the file is of another build", subject: path)
  }

  private static func html(_ path: String) -> ServiceError {
    ServiceError(
      .notJavaScript, "'\(path)' is HTML where JavaScript was named",
      remedy: "check the URL, and that the deploy is whole: the server answers with a page",
      subject: path)
  }
}
