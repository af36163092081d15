import LarderCore
import LarderOrigin
import LarderStore

/// Takes a body from the origin into the store, and shows it to the flight's callers on the way.
actor FlightSink: FetchSink {
  private let flight: Flight
  private let fetch: SharedFetch
  private let content: Content
  private var ingest: Ingest?
  private var held: [UInt8] = []
  private var isFirst = true

  /// Bytes that are handed to the store at a time: fewer calls to the workers than network reads.
  private static let batchSize = 256 << 10

  init(flight: Flight, fetch: SharedFetch, content: Content) {
    self.flight = flight
    self.fetch = fetch
    self.content = content
  }

  /// Callers that have seen bytes cannot be told to forget them.
  nonisolated var canRestart: Bool { !flight.hasHandedOut }

  func begin(_ head: FetchHead) async throws {
    if let finding = CodeEvidence.against(contentType: head.contentType, path: fetch.url) {
      throw finding
    }
    cancel()
    guard flight.restarted() else {
      throw ServiceError(
        .truncated, "\(fetch.url) was cut off after callers had seen its beginning",
        remedy: "ask again", subject: fetch.url)
    }
    held = []
    isFirst = true
    let realm = fetch.realm
    ingest = try await content.run { (store) throws(StoreError) in
      try store.beginPut(realm: realm)
    }
  }

  func receive(_ bytes: [UInt8]) async throws {
    if isFirst {
      isFirst = false
      if let finding = CodeEvidence.against(bytes, path: fetch.url) { throw finding }
    }
    flight.arrived(bytes)
    held += bytes
    if held.count >= Self.batchSize { try await append() }
  }

  /// Stores what is left and names the blob: accepted, since what came from an origin can be had
  /// again.
  func finish() async throws(ServiceError) -> BlobStat {
    try await append()
    guard let ingest else {
      throw ServiceError(.internal, "a fetch ended before its body began", subject: fetch.url)
    }
    let result = try await content.run { (_) throws(StoreError) in
      try ingest.finish(ack: .accepted)
    }
    return BlobStat(digest: result.digest, size: result.size)
  }

  /// Gives up what came so far.
  func cancel() {
    ingest?.cancel()
    ingest = nil
  }

  private func append() async throws(ServiceError) {
    guard let ingest, !held.isEmpty else { return }
    let bytes = held
    held = []
    try await content.run { (_) throws(StoreError) in
      try bytes.withUnsafeBufferPointer { (buffer) throws(StoreError) in
        try ingest.append(UnsafeRawBufferPointer(buffer))
      }
    }
  }
}
