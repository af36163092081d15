import AsyncHTTPClient
import LarderCore
import NIOCore
import NIOHTTP1

// One attempt: requests, their redirects, and the body that the last of them has.

extension Fetcher {
  /// What a request came to.
  private enum Step {
    case redirect(OriginURL)
    case done(FetchResult)
  }

  /// Follows redirects up to the limit, and hands the body to the sink.
  func exchange(
    _ request: FetchRequest, _ start: OriginURL, _ sink: some FetchSink, _ watch: AttemptWatch,
    _ hasDelivered: Locked<Bool>
  ) async throws(OriginError) -> FetchResult {
    var url = start
    var authorization = request.authorization
    for _ in 0...limits.redirectsMax {
      let here = url
      let credential = authorization
      let step = try await gate.run(here) { () async throws(OriginError) -> Step in
        try await reported(here, watch) { () async throws(OriginError) -> Step in
          watch.enter(.head, url: here)
          let response = try await ask(request, here, credential)
          if let next = try redirect(response, of: request, from: here) { return .redirect(next) }
          return .done(try await take(response, of: request, here, sink, watch, hasDelivered))
        }
      }
      switch step {
      case .done(let result): return result
      case .redirect(let next):
        if next.origin != url.origin { authorization = nil }
        url = next
      }
    }
    throw .refused(
      url, "more than \(limits.redirectsMax) redirects led to it",
      remedy: "give the URL that they lead to in the end")
  }

  /// Runs `body` with the origin's leave and tells its breaker the outcome.
  private func reported(
    _ url: OriginURL, _ watch: AttemptWatch, _ body: () async throws(OriginError) -> Step
  ) async throws(OriginError) -> Step {
    try admit(url)
    do throws(OriginError) {
      let step = try await body()
      let now = timing.now()
      report(url) { $0.succeeded(now: now) }
      return step
    } catch {
      // A time limit ends the attempt by cancelling it.
      let error = error.code == .cancelled ? watch.verdict ?? error : error
      let now = timing.now()
      report(url) { breaker in
        if error.isTransient, error.status != 429 {
          breaker.failed(now: now, limits: limits)
        } else if error.status != nil {
          breaker.succeeded(now: now)
        } else {
          breaker.abandoned(now: now)
        }
      }
      throw error
    }
  }

  /// Sends the request; the answer is its head, with a body that is read on demand.
  private func ask(
    _ request: FetchRequest, _ url: OriginURL, _ authorization: String?
  ) async throws(OriginError) -> HTTPClientResponse {
    var message = HTTPClientRequest(url: url.description)
    message.headers.add(name: "Accept", value: "*/*")
    message.headers.add(name: "Accept-Encoding", value: "identity")
    message.headers.add(name: "User-Agent", value: configuration.userAgent)
    if let etag = request.etag { message.headers.add(name: "If-None-Match", value: etag) }
    if let date = request.lastModified {
      message.headers.add(name: "If-Modified-Since", value: date)
    }
    if let trace = TraceContext.current {
      message.headers.add(name: "traceparent", value: trace.parent)
      if let state = trace.state { message.headers.add(name: "tracestate", value: state) }
    }
    if let authorization { message.headers.add(name: "Authorization", value: authorization) }
    count { $0.requests += 1 }
    do {
      // The watch ends what takes too long.
      return try await client(for: url.origin).execute(message, deadline: .distantFuture)
    } catch {
      throw OriginError.transport(error, of: url, limits: limits)
    }
  }

  /// Where the answer sends us, judged; nil if it is no redirect.
  private func redirect(
    _ response: HTTPClientResponse, of request: FetchRequest, from url: OriginURL
  ) throws(OriginError) -> OriginURL? {
    guard [301, 302, 303, 307, 308].contains(response.status.code) else { return nil }
    let locations = response.headers["Location"]
    guard let location = locations.first, locations.count == 1 else {
      throw .malformed(url, "a redirect without one location")
    }
    let next: OriginURL
    do throws(OriginError) {
      next = try url.resolving(location)
    } catch {
      throw .refused(
        url, "it redirects to what is no URL to fetch (\(error.message))",
        remedy: "correct the redirect at the origin")
    }
    if url.origin.scheme == "https", next.origin.scheme == "http" {
      throw .refused(
        url, "it redirects from https to http, to \(next.redacted)",
        remedy: "correct the redirect at the origin")
    }
    if let objection = objection(to: next.origin, request) {
      throw .refused(
        url, "it redirects to \(next.redacted), and \(objection)", remedy: Self.listing)
    }
    return next
  }

  /// Judges the head, and hands the body on.
  private func take(
    _ response: HTTPClientResponse, of request: FetchRequest, _ url: OriginURL,
    _ sink: some FetchSink, _ watch: AttemptWatch, _ hasDelivered: Locked<Bool>
  ) async throws(OriginError) -> FetchResult {
    let head = try head(of: response, url)
    if head.status == 304, request.etag != nil || request.lastModified != nil {
      count { $0.revalidations += 1 }
      return .notModified(head)
    }
    guard head.status == 200 else {
      // A date instead of seconds is passed over: our own back-off then holds.
      let retryAfter = response.headers.first(name: "Retry-After").flatMap(UInt32.init)
      throw .status(head.status, of: url, retryAfterSeconds: retryAfter.map(Int.init))
    }
    let encodings = response.headers[canonicalForm: "Content-Encoding"]
    guard encodings.allSatisfy({ $0.lowercased() == "identity" }) else {
      throw OriginError(
        .encoding, "\(url.redacted) came encoded as \(encodings.joined(separator: ", "))",
        remedy: "let the origin send files as they are when 'identity' is asked for",
        url: url.description)
    }
    let max = sizeMax(request)
    if let length = head.contentLength, length > max { throw .tooLarge(url, max: max) }
    try await deliver(sink, watch, url) { try await $0.begin(head) }
    let size = try await pour(response.body, head, request, url, sink, watch, hasDelivered)
    return .complete(head, size: size)
  }

  /// Hands the body to the sink, counting and hashing; the answer is its size.
  private func pour(
    _ body: HTTPClientResponse.Body, _ head: FetchHead, _ request: FetchRequest, _ url: OriginURL,
    _ sink: some FetchSink, _ watch: AttemptWatch, _ hasDelivered: Locked<Bool>
  ) async throws(OriginError) -> ByteCount {
    let max = sizeMax(request)
    let expected = head.contentLength ?? request.expectedSize
    var verifier = request.integrity?.verifier()
    var chunks = body.makeAsyncIterator()
    var size: Int64 = 0
    while true {
      watch.enter(.body, url: url)
      let chunk: ByteBuffer?
      do {
        chunk = try await chunks.next()
      } catch {
        throw broken(error, url, got: size, expected: expected)
      }
      guard let chunk else { break }
      if chunk.readableBytes == 0 { continue }
      size += Int64(chunk.readableBytes)
      count { $0.bytes += Int64(chunk.readableBytes) }
      if size > max.value { throw .tooLarge(url, max: max) }
      if let expected, size > expected.value {
        throw .truncated(url, got: size, expected: expected.value, isTransient: false)
      }
      chunk.withUnsafeReadableBytes { verifier?.update($0) }
      hasDelivered.withLock { $0 = true }
      try await deliver(sink, watch, url) { try await $0.receive(Array(chunk.readableBytesView)) }
      // The sink has seen how the body begins before its length counts against it: "this is a
      // page" says more than "this is too short".
      try checkLength(head, request, url)
    }
    try checkLength(head, request, url)
    if let expected, size != expected.value {
      throw .truncated(
        url, got: size, expected: expected.value, isTransient: head.contentLength != nil)
    }
    if let verifier, let integrity = request.integrity, !verifier.matches() {
      throw OriginError(
        .integrityMismatch,
        "\(url.redacted) gave \(size) bytes whose \(integrity.algorithm.rawValue) is another",
        remedy: "check that the deployed file is the one that was named", url: url.description)
    }
    return ByteCount(size)
  }

  /// Holds the length that the origin announced against the one that the caller expects.
  private func checkLength(
    _ head: FetchHead, _ request: FetchRequest, _ url: OriginURL
  ) throws(OriginError) {
    guard let length = head.contentLength, let size = request.expectedSize, size != length else {
      return
    }
    throw .truncated(url, got: length.value, expected: size.value, isTransient: false)
  }

  /// Calls the sink with only the attempt's own limit running.
  private func deliver<Sink: FetchSink>(
    _ sink: Sink, _ watch: AttemptWatch, _ url: OriginURL, _ call: (Sink) async throws -> Void
  ) async throws(OriginError) {
    watch.enter(.sink, url: url)
    do {
      try await call(sink)
    } catch is CancellationError {
      throw .cancelled(url.description)
    } catch {
      throw OriginError(
        .sink, "the bytes of \(url.redacted) could not be taken: \(error)",
        remedy: "see the cause", url: url.description, cause: error)
    }
  }

  /// What an error in the middle of a body means: mostly that the connection ended too early.
  private func broken(
    _ error: any Error, _ url: OriginURL, got: Int64, expected: ByteCount?
  ) -> OriginError {
    let mapped = OriginError.transport(error, of: url, limits: limits)
    switch mapped.code {
    case .unavailable:
      break
    case .malformed where (error as? HTTPParserError) == .invalidEOFState:
      break
    default: return mapped
    }
    if let expected {
      return .truncated(url, got: got, expected: expected.value, isTransient: true)
    }
    return OriginError(
      .truncated, "\(url.redacted) broke off after \(got) bytes",
      remedy: "try again; if it stays, look for a proxy that cuts answers", url: url.description,
      cause: error, isTransient: true)
  }

  private func head(
    of response: HTTPClientResponse, _ url: OriginURL
  ) throws(OriginError) -> FetchHead {
    let lengths = Set(response.headers[canonicalForm: "Content-Length"].map(String.init))
    var contentLength: ByteCount?
    if let text = lengths.first {
      guard lengths.count == 1, let number = Int64(text), number >= 0 else {
        throw .malformed(url, "lengths '\(lengths.sorted().joined(separator: "', '"))'")
      }
      guard response.headers["Transfer-Encoding"].isEmpty else {
        throw .malformed(url, "both a length and a transfer encoding")
      }
      contentLength = ByteCount(number)
    }
    return FetchHead(
      url: url.description, status: Int(response.status.code),
      contentType: response.headers.first(name: "Content-Type") ?? "",
      etag: response.headers.first(name: "ETag"),
      lastModified: response.headers.first(name: "Last-Modified"), contentLength: contentLength)
  }
}
