import HTTPTypes
import LarderService
import NIOCore

/// Answers at once what was answered before, by the same rules: no thread is changed, and nothing is
/// looked for but whether the content is still there.
struct PromptDesk: Sendable {
  let files: PromptFiles
  let callers: CallerRules
  let content: PageContent
  /// Program and version.
  let server: String
  /// Sees what is answered here as it sees all else.
  let watch: AnswerWatch
  private let date = DateField()

  init(
    files: PromptFiles, callers: CallerRules, content: PageContent, server: String,
    watch: AnswerWatch
  ) {
    self.watch = watch
    self.files = files
    self.callers = callers
    self.content = content
    self.server = server
  }

  /// A caller who is answered.
  struct Admitted: Sendable {
    let caller: PromptRequest.Caller
    /// The web origin that may read the answers; nil where no browser said one.
    let origin: String?
  }

  /// Nil for who is refused.
  func admit(_ caller: PromptRequest.Caller) -> Admitted? {
    var fields = HTTPFields()
    fields[.origin] = caller.origin
    fields[.secFetchSite] = caller.site
    fields[.referer] = caller.referrer
    do throws(Refusal) {
      let origin = try callers.admit(fields, authority: caller.authority)
      return Admitted(caller: caller, origin: origin)
    } catch {
      // They are told why on the long way.
      return nil
    }
  }

  /// Nil where the answer has to be made.
  func file(_ key: PromptFile.Key) -> PromptFile? {
    guard let file = files.file(key) else { return nil }
    guard content.service.stat(file.source, for: content.peer) != nil else {
      files.forget(key)
      return nil
    }
    return file
  }

  /// The head of an answer with a file, as bytes.
  func head(_ file: PromptFile, for origin: String?, after time: Duration) -> ByteBuffer {
    var head = file.head
    head.reserveCapacity(head.readableBytes + 256)
    for field in ReplyFields.readable(by: origin) {
      head.writeString("\(field.name.rawName): \(field.value)\r\n")
    }
    head.writeStaticString("Server-Timing: ")
    head.writeString(ReplyFields.timing(file.phase, time))
    head.writeStaticString("\r\nDate: ")
    head.writeString(date.value)
    head.writeStaticString("\r\nServer: ")
    head.writeString(server)
    head.writeStaticString("\r\n\r\n")
    return head
  }
}
