import ArgumentParser
import LarderClient
import LarderMessages
import LarderWire

/// `NAME`, `NAME@CHANNEL` or `NAME@RELEASE` as people write it: which release of which remote.
struct ReleaseName: Hashable {
  let remote: String
  /// Neither this nor `release`: the channel `current`.
  let channel: String?
  /// 32 hexadecimal digits.
  let release: String?

  /// The name ends before the last `@` that is not its first character, as npm's scoped names have
  /// it.
  init?(_ text: String) {
    let start = text.hasPrefix("@") ? text.dropFirst() : text[...]
    guard let at = start.lastIndex(of: "@") else {
      guard !start.isEmpty else { return nil }
      (remote, channel, release) = (text, nil, nil)
      return
    }
    let rest = String(text[text.index(after: at)...])
    guard at != start.startIndex, !rest.isEmpty else { return nil }
    remote = String(text[..<at])
    let isRelease = rest.count == 32 && rest.allSatisfy(\.isHexDigit)
    (channel, release) = isRelease ? (nil, rest) : (rest, nil)
  }

  /// What the daemon has of it.
  func contents(from client: BlockingClient) throws(ClientError) -> RemoteMessage.Contents {
    try client.control(
      .remote,
      RemoteMessage.Request(op: .contents, name: remote, channel: channel, release: release))
  }
}

extension ReleaseName: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
