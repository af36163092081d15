import HTTPTypes
import LarderCore
import LarderFederation
import LarderService

/// What a request's target names (docs/gateway.md has the table).
enum Route: Hashable, Sendable {
  /// The entry of a remote, whichever release is current.
  case shim(remote: String)
  /// What Module Federation 2 reads of a remote, likewise.
  case manifest(remote: String)
  /// A file of one release.
  case file(remote: String, release: String, path: String)
  case blob(Digest)
  case plan(remote: String, expose: String, target: ContainerTarget)
  case importMap
  /// A file of the host library, below its folder.
  case library(path: String)

  /// What a shim is called, whatever the build calls its entry.
  static let shimName = "remoteEntry.js"

  /// What manifests are called.
  static let manifestName = "mf-manifest.json"

  /// The remote whose current release it leads to; nil for what does not move with one.
  var pointer: String? {
    switch self {
    case .shim(let remote), .manifest(let remote), .plan(let remote, _, _): remote
    case .file, .blob, .importMap, .library: nil
    }
  }

  /// - Parameter target: a path and perhaps a query, as `RequestRules` let it pass.
  /// - Throws: a refusal; the same one for a key that is wrong and for what is not there.
  init(_ target: String, mount: Mount) throws(Refusal) {
    let path = target.prefix { $0 != "?" }
    let query = target.dropFirst(path.count + 1)
    var segments: [String] = []
    let written = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard let inside = mount.rest(of: written[...]) else { throw .notFound }
    for segment in inside {
      guard let segment = PercentCoding.decoded(segment), Self.isPlain(segment) else {
        throw Refusal(
          .badRequest, .badRequest, "the path has a segment in it that is no name",
          remedy: "encode it as UTF-8, without '.', '..' or control characters")
      }
      segments.append(segment)
    }
    guard let kind = segments.first else { throw .notFound }
    let rest = segments.dropFirst()
    switch kind {
    case "remotes": self = try Self.remote(rest)
    case "blobs": self = try Self.blob(rest)
    case "plan": self = try Self.plan(rest, query)
    case "larder": self = .library(path: try Self.path(rest))
    case "importmap.json" where rest.isEmpty: self = .importMap
    default: throw .notFound
    }
  }

  /// `NAME/remoteEntry.js`, `NAME/mf-manifest.json`, or `NAME@RELEASE/PATH`. A name may have slashes and `@` in it.
  private static func remote(_ segments: ArraySlice<String>) throws(Refusal) -> Route {
    let release = segments.firstIndex { segment in
      guard let at = segment.lastIndex(of: "@") else { return false }
      let digits = segment[segment.index(after: at)...].utf8
      return digits.count == 32
        && digits.allSatisfy {
          (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }
    guard let release else {
      guard segments.count > 1 else { throw .notFound }
      let name = segments.dropLast().joined(separator: "/")
      switch segments.last {
      case shimName: return .shim(remote: name)
      case manifestName: return .manifest(remote: name)
      default: throw .notFound
      }
    }
    let last = segments[release]
    guard let at = last.lastIndex(of: "@") else { throw .notFound }
    let name = segments[..<release].map { $0 + "/" }.joined() + last[..<at]
    return .file(
      remote: name, release: String(last[last.index(after: at)...]),
      path: try path(segments[(release + 1)...]))
  }

  private static func blob(_ segments: ArraySlice<String>) throws(Refusal) -> Route {
    guard segments.count == 2, segments.first == "sha256", let text = segments.last else {
      throw .notFound
    }
    guard let digest = Digest(hex: text), digest.hex == text else {
      throw Refusal(
        .badRequest, .badRequest, "a blob's name is 64 lower-case hexadecimal digits")
    }
    return .blob(digest)
  }

  /// `NAME/EXPOSE`: the name is one segment, or two if it begins with `@`; one that has slashes
  /// otherwise has them encoded.
  private static func plan(
    _ segments: ArraySlice<String>, _ query: Substring
  ) throws(Refusal) -> Route {
    guard let first = segments.first else { throw .notFound }
    let nameCount = first.hasPrefix("@") && !first.contains("/") ? 2 : 1
    guard segments.count > nameCount else { throw .notFound }
    let rest = segments.dropFirst(nameCount).joined(separator: "/")
    guard !rest.isEmpty else { throw .notFound }
    let wanted = query.split(separator: "&").first { $0.hasPrefix("target=") }?.dropFirst(7)
    let targets: [ContainerTarget] = [.web, .module, .webworker]
    guard let target = targets.first(where: { $0.rawValue == wanted ?? "web" }) else {
      throw Refusal(
        .badRequest, .badRequest, "'\(wanted?.prefix(80) ?? "")' is no target of pages",
        remedy: "use target=web or target=module")
    }
    return .plan(
      remote: segments.prefix(nameCount).joined(separator: "/"), expose: "./" + rest,
      target: target)
  }

  private static func path(_ segments: ArraySlice<String>) throws(Refusal) -> String {
    guard !segments.isEmpty, segments.allSatisfy({ !$0.isEmpty && !$0.contains("/") }) else {
      throw .notFound
    }
    return segments.joined(separator: "/")
  }

  /// Whether nobody takes it for more than a name, whatever they make of paths.
  private static func isPlain(_ segment: String) -> Bool {
    segment != "." && segment != ".."
      && segment.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") }
  }
}
