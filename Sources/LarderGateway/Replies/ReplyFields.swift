import HTTPTypes
import LarderCoding

/// The fields that answers have in common.
enum ReplyFields {
  /// What every answer says, refusals included.
  ///
  /// - Parameter origin: the web origin that may read it, or everybody.
  static func common(for origin: String?) -> HTTPFields {
    var fields = HTTPFields()
    // Who asks has been held against the rules by now. Pages that isolate themselves (COEP) load
    // nothing that does not say so.
    fields[.crossOriginResourcePolicy] = "cross-origin"
    fields[.xContentTypeOptions] = "nosniff"
    if origin != CallerRules.everybody { fields[.vary] = "Origin" }
    for field in readable(by: origin) { fields.append(field) }
    return fields
  }

  /// What lets pages of a web origin read the answer.
  static func readable(by origin: String?) -> [HTTPField] {
    guard let origin else { return [] }
    return [
      HTTPField(name: .accessControlAllowOrigin, value: origin),
      HTTPField(name: .timingAllowOrigin, value: origin),
      HTTPField(name: .accessControlExposeHeaders, value: "ETag, Server-Timing"),
    ]
  }

  /// What a representation says of itself, whether or not its bytes come along.
  ///
  /// - Parameter isPublic: whether caches that several share may keep it.
  static func add(
    _ representation: Representation, to fields: inout HTTPFields, isPublic: Bool
  ) {
    fields[.eTag] = representation.entityTag
    fields[.cacheControl] =
      (isPublic ? "public, " : "private, ") + representation.lifetime.rawValue
    fields[.acceptRanges] = "bytes"
    fields[.contentType] = representation.mediaType
    if let coding = representation.coding { fields[.contentEncoding] = coding.rawValue }
    var varying: [String] = []
    // `Link` goes by it, too.
    if !isPublic || !representation.next.scripts.isEmpty { varying.append("Origin") }
    if representation.variesByCoding { varying.append("Accept-Encoding") }
    fields[.vary] = varying.isEmpty ? nil : varying.joined(separator: ", ")
    if representation.isDocument { fields[.contentSecurityPolicy] = "sandbox" }
  }

  /// `Link` to what a browser can load while it reads the answer (RFC 8288; HTML, 4.2.4.4); nil for
  /// nothing.
  ///
  /// - Parameter origin: the request's own. Who says one asks in CORS mode, and so will the script: what
  ///   was loaded ahead in another mode would be loaded again.
  static func link(of representation: Representation, for origin: String?) -> String? {
    let (scripts, areModules) = representation.next
    guard !scripts.isEmpty else { return nil }
    let relation =
      areModules
      ? "rel=modulepreload"
      : origin == nil ? "rel=preload; as=script" : "rel=preload; as=script; crossorigin"
    return scripts.map { "<\($0)>; \(relation)" }.joined(separator: ", ")
  }

  /// `store;dur=1.204`: what was done, and for how many milliseconds.
  static func timing(_ phase: String, _ time: Duration) -> String {
    let microseconds =
      time.components.seconds * 1_000_000
      + time.components.attoseconds / 1_000_000_000_000
    let thousandths = String(microseconds % 1_000)
    return "\(phase);dur=\(microseconds / 1_000)."
      + String(repeating: "0", count: 3 - thousandths.count) + thousandths
  }
}

extension HTTPField.Name {
  static let link = known("link")
  static let timingAllowOrigin = known("timing-allow-origin")
  static let serverTiming = known("server-timing")
  static let secFetchSite = known("sec-fetch-site")
  static let secFetchMode = known("sec-fetch-mode")
  static let secFetchDest = known("sec-fetch-dest")
  static let xFrameOptions = known("x-frame-options")
  static let referrerPolicy = known("referrer-policy")
  static let crossOriginOpenerPolicy = known("cross-origin-opener-policy")
  static let lastEventID = known("last-event-id")

  static let traceparent = known("traceparent")
  static let tracestate = known("tracestate")

  private static func known(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else {
      preconditionFailure("'\(name)' is a field's name")
    }
    return name
  }
}
