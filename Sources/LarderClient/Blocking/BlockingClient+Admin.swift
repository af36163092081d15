package import LarderMessages
import LarderWire

extension BlockingClient {
  /// Asks the admin socket, and hears how far a check is.
  ///
  /// - Throws: `notPermitted` on any other socket, and what the daemon answers.
  package func admin<Reply: Decodable>(
    _ request: AdminMessage.Request, as reply: Reply.Type = Reply.self,
    progress: (AdminMessage.Progress) -> Void = { _ in }
  ) throws(ClientError) -> Reply {
    let id = try begin(.admin)
    try send(.admin, [], id: id, body: JSONBody.encode(request))
    var text: [UInt8] = []
    try receive(id) { (frame, bytes) throws(ClientError) in
      if frame.isData {
        progress(try JSONBody.decode(AdminMessage.Progress.self, from: bytes, verb: .admin))
      } else {
        text.append(contentsOf: bytes)
      }
    }
    return try JSONBody.decode(reply, from: text, verb: .admin)
  }
}
