extension ReleaseDraft {
  /// Whether this can be a release.
  ///
  /// - Throws: `invalid` or `limit`, naming the member.
  func check(_ limits: RegistryLimits) throws(RegistryError) {
    func refuse(_ code: RegistryError.Code, _ why: String, _ remedy: String) -> RegistryError {
      RegistryError(code, "release \(id) cannot be stored: \(why)", remedy: remedy)
    }
    guard (1...limits.variantsMax).contains(variants.count) else {
      throw refuse(
        .limit, "it has \(variants.count) variants, 1 to \(limits.variantsMax) are possible",
        "give one build per target")
    }
    guard Set(variants.map(\.target)).count == variants.count else {
      throw refuse(.invalid, "two variants have the same target", "give one build per target")
    }
    let count = variants.reduce(0) { $0 + $1.assets.count }
    guard count <= limits.assetsMax else {
      throw refuse(
        .limit, "\(count) assets are more than assetsMax (\(limits.assetsMax))",
        "leave out what is not part of the build")
    }
    for variant in variants {
      guard variant.facts.utf8.count <= limits.factsBytesMax else {
        throw refuse(
          .limit, "the facts of '\(variant.target)' exceed \(limits.factsBytesMax) bytes",
          "split the remote")
      }
      var before: String?
      for asset in variant.assets {
        guard asset.path != before else {
          throw refuse(.invalid, "'\(asset.path)' is named twice", "name each file once")
        }
        guard Self.acceptsPath(asset.path) else {
          throw refuse(
            .invalid, "'\(asset.path.prefix(80))' is not a path below the base URL",
            "name files relative to the output folder")
        }
        before = asset.path
      }
      guard variant.assets.contains(where: { $0.path == variant.entry }) else {
        throw refuse(
          .invalid, "the entry '\(variant.entry)' of '\(variant.target)' is not among its files",
          "publish the file that the build names as its entry")
      }
    }
  }

  /// Whether `path` stays below a base, has no control characters and a bounded length.
  private static func acceptsPath(_ path: String) -> Bool {
    guard (1...RegistryLimits.pathBytesMax).contains(path.utf8.count) else { return false }
    guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return false }
    return path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }
}
