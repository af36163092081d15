import LarderCore
package import LarderWire

extension LarderClient {
  /// Whether a blob is present; false without a daemon.
  public func has(_ digest: BlobDigest) async throws(ClientError) -> Bool {
    try await has([digest])[0]
  }

  /// Which of these blobs are present, in their order; none without a daemon. Any number of them:
  /// one request asks for 10,000.
  public func has(_ digests: [BlobDigest]) async throws(ClientError) -> [Bool] {
    try await reading(insteadOf: Array(repeating: false, count: digests.count)) {
      () async throws(ClientError) in
      var answers: [Bool] = []
      for part in digests.parts(of: WireLimits.digestsMax) {
        let reply = try await ask(
          .has, HasBody.encode(part.map(\.value)), JoinedReader(), silenceMax: options.readTimeout)
        answers += try HasAnswer.decode(reply, count: part.count)
      }
      return answers
    }
  }

  /// A blob, or a range of its bytes, in memory of the program's own.
  ///
  /// - Parameter range: of the blob's bytes, from 0; all of them if nil. One of no bytes at the end
  ///   lies within the blob.
  /// - Returns: nil where there is no such blob, where its stored bytes failed their check, and
  ///   without a daemon. Damaged content is fetched again in the background, if it is known from
  ///   where.
  /// - Throws: `badRequest` for a range that does not lie within the blob.
  public func get(
    _ digest: BlobDigest, range: Range<Int64>? = nil
  ) async throws(ClientError) -> [UInt8]? {
    try await content([GetItem(digest, range)], as: .bytes)[0]?.bytes
  }

  /// Blobs in memory of the program's own, in the order asked for; nil as for one. Any number of
  /// them: one request asks for 10,000.
  public func get(_ digests: [BlobDigest]) async throws(ClientError) -> [[UInt8]?] {
    try await content(digests.map { GetItem($0, nil) }, as: .bytes).map { $0?.bytes }
  }

  /// A blob, or a range of its bytes, in memory that the daemon shares: nothing is copied, so that
  /// the call takes as long for 100 MiB as for 1 KiB.
  ///
  /// - Parameter range: as for `get`.
  /// - Returns: nil as for `get`.
  /// - Throws: `badRequest` for a range that does not lie within the blob.
  public func map(
    _ digest: BlobDigest, range: Range<Int64>? = nil
  ) async throws(ClientError) -> MappedBlob? {
    try await content([GetItem(digest, range)], as: .places)[0]
  }

  /// Blobs in memory that the daemon shares, in the order asked for; nil as for one. Any number of
  /// them: one request asks for 10,000.
  public func map(_ digests: [BlobDigest]) async throws(ClientError) -> [MappedBlob?] {
    try await content(digests.map { GetItem($0, nil) }, as: .places)
  }

  /// Blobs and ranges, in the order asked for.
  package func content(
    _ items: [GetItem], as reply: ContentReply
  ) async throws(ClientError) -> [MappedBlob?] {
    try await reading(insteadOf: Array(repeating: nil, count: items.count)) {
      () async throws(ClientError) in
      var answers: [MappedBlob?] = []
      for part in items.parts(of: WireLimits.digestsMax) {
        let read = try await ask(
          .get, GetBody(part, as: reply).encode(), PlacesReader(items: part),
          silenceMax: options.readTimeout)
        for (item, answer) in zip(part, read) {
          guard answer.status != .outOfRange else { throw ClientError(outOfRange: item) }
          answers.append(answer.status == .found ? answer.blob : nil)
        }
      }
      return answers
    }
  }

  /// Reads, or finds nothing where there is no daemon.
  func reading<Answer>(
    insteadOf nothing: Answer, _ body: () async throws(ClientError) -> Answer
  ) async throws(ClientError) -> Answer {
    do {
      return try await body()
    } catch {
      guard options.readsWithoutDaemon == .miss, error.isUnavailable else { throw error }
      return nothing
    }
  }
}

extension GetItem {
  /// - Precondition: the range's bounds are not negative.
  fileprivate init(_ digest: BlobDigest, _ range: Range<Int64>?) {
    guard let range else {
      self.init(digest.value)
      return
    }
    precondition(range.lowerBound >= 0, "a range of a blob begins at 0 or later")
    self.init(
      digest.value, offset: UInt64(range.lowerBound),
      length: UInt64(range.upperBound - range.lowerBound))
  }
}

extension ClientError {
  fileprivate init(outOfRange item: GetItem) {
    self.init(
      code: .badRequest,
      message:
        "\(item.length ?? 0) bytes from \(item.offset) do not lie within blob \(item.digest)",
      subject: item.digest.hex)
  }
}
