import LarderWire

/// A PUT, and its content on the way from a task to the loop.
struct PutTransfer: Sendable {
  private let upload = Upload()
  private let call: Call
  private let client: LarderClient
  private let mailbox: Mailbox

  /// - Parameters:
  ///   - first: the content of the first frame.
  ///   - isWhole: whether that is all.
  init(
    _ head: PutHead, first: ArraySlice<UInt8>, isWhole: Bool, of client: LarderClient
  ) throws(ClientError) {
    var body: [UInt8] = []
    body.reserveCapacity(PutHead.byteCount + first.count)
    head.append(to: &body)
    body += first
    call = Call(
      verb: .put, body: body, silenceMax: client.options.replyTimeout, goesOn: !isWhole,
      reply: upload)
    mailbox = try client.mailbox()
    self.client = client
  }

  /// Begins it, lets `content` send the rest, and waits for the answer.
  ///
  /// - Throws: what `content` throws; the PUT is ended then.
  func run<Failure: Error>(
    _ content: (PutTransfer) async throws(Failure) -> Void
  ) async throws(Failure) -> Result<PutAnswer, ClientError> {
    let outcome: Result<Result<PutAnswer, ClientError>, Failure> =
      await withTaskCancellationHandler {
        client.hand(call, to: mailbox)
        do throws(Failure) {
          try await content(self)
          return .success(await upload.answer())
        } catch {
          _ = mailbox.post(.cancel(upload))
          return .failure(error)
        }
      } onCancel: {
        _ = mailbox.post(.cancel(upload))
      }
    return try outcome.get()
  }

  /// Sends a further piece once the one before was written; 1 MiB at most.
  ///
  /// - Returns: false where no more is wanted.
  func send(_ piece: ArraySlice<UInt8>, isLast: Bool) async -> Bool {
    guard await upload.room() else { return false }
    return mailbox.post(.piece(of: upload, piece, isLast: isLast))
  }
}
