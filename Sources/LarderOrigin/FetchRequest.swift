package import LarderCore

/// What to ask an origin for.
package struct FetchRequest: Sendable {
  /// Absolute, http or https.
  package var url: String
  /// What is known already: an origin that has nothing newer answers with `notModified`.
  package var etag: String?
  /// As `etag`, for `If-Modified-Since`.
  package var lastModified: String?
  /// The value of the `Authorization` header; sent to the URL's own scheme, host and port, and
  /// never again in this fetch once a redirect has left them.
  package var authorization: String?
  /// The exact size, where it is known.
  package var expectedSize: ByteCount?
  /// The most bytes to take; `OriginLimits.blobSizeMax` also holds.
  package var sizeMax: ByteCount?
  /// What the bytes must hash to. They are checked when the last has come, so a sink that passes
  /// them on earlier passes on unverified ones.
  package var integrity: Integrity?
  /// Who may be asked, redirects included, besides what the fetcher's own policy says.
  package var origins: OriginRules

  package init(
    url: String, origins: OriginRules = .any, etag: String? = nil, lastModified: String? = nil,
    authorization: String? = nil,
    expectedSize: ByteCount? = nil, sizeMax: ByteCount? = nil, integrity: Integrity? = nil
  ) {
    self.url = url
    self.etag = etag
    self.lastModified = lastModified
    self.authorization = authorization
    self.expectedSize = expectedSize
    self.sizeMax = sizeMax
    self.integrity = integrity
    self.origins = origins
  }
}

/// The head of an answer that has content, or that says there is nothing newer.
package struct FetchHead: Hashable, Sendable {
  /// Where it came from, after redirects.
  package let url: String
  /// 200, or 304 for `notModified`.
  package let status: Int
  /// The media type as sent; empty if there was none.
  package let contentType: String
  package let etag: String?
  package let lastModified: String?
  /// How many bytes the origin announced; nil if it did not.
  package let contentLength: ByteCount?

  package init(
    url: String, status: Int, contentType: String, etag: String?, lastModified: String?,
    contentLength: ByteCount?
  ) {
    self.url = url
    self.status = status
    self.contentType = contentType
    self.etag = etag
    self.lastModified = lastModified
    self.contentLength = contentLength
  }
}

/// How a fetch ended well.
package enum FetchResult: Hashable, Sendable {
  /// The origin has nothing newer; the sink saw nothing.
  case notModified(FetchHead)
  /// All bytes went to the sink, their number and, if asked, their hash checked.
  case complete(FetchHead, size: ByteCount)
}

/// Who takes the bytes of a fetch.
///
/// Calls come one after another from the fetch's task; the next bytes are read when `receive` has
/// returned, so a slow sink slows the origin down and at most about 64 KiB wait in memory. An error
/// that a sink throws ends the fetch with code `sink`.
package protocol FetchSink: Sendable {
  /// Whether `begin` may come again after bytes: true for one that spools, false for one that
  /// passes bytes on.
  var canRestart: Bool { get }

  /// An answer begins; what came before, if anything, is void.
  func begin(_ head: FetchHead) async throws

  /// The next bytes; never empty.
  func receive(_ bytes: [UInt8]) async throws
}

/// What a `Fetcher` has done since it was made.
package struct FetchCounters: Hashable, Sendable {
  /// HTTP requests sent, redirects and retries included.
  package var requests = 0
  /// Answers that said there is nothing newer.
  package var revalidations = 0
  /// Bytes of bodies received, also of those that failed later.
  package var bytes: Int64 = 0
  /// Attempts that failed; those that were not made are not among them.
  package var failures = 0
  /// Requests that were not sent, because their origin is left alone.
  package var rested = 0
  /// Attempts after the first.
  package var retries = 0

  package init() {}
}
