import LarderCore
import LarderMessages

/// Remotes and releases for people.
enum RemoteText {
  /// A line for each remote.
  static func lines(of remotes: [RemoteMessage.Remote]) -> String {
    if remotes.isEmpty {
      return "no remotes; add one with 'larder remote add' or 'larder publish'\n"
    }
    var table = Table(["NAME", "STATE", "CURRENT", "RELEASES", "FROM"], rightAligned: [3])
    for remote in remotes {
      table.add(
        remote.name, remote.state.rawValue, remote.current?.release ?? "-",
        "\(remote.releases.count)",
        remote.urls.isEmpty ? "published" : remote.urls.joined(separator: " "))
    }
    return table.lines
  }

  /// One remote with its channels and releases.
  static func lines(of remote: RemoteMessage.Remote) -> String {
    var head = Table()
    head.add("remote", remote.name)
    head.add(
      "state", remote.state.rawValue + (remote.message.map { ": \($0)" } ?? ""))
    for url in remote.urls { head.add("from", url) }
    for (channel, release) in remote.channels.sorted(by: { $0.key < $1.key }) {
      head.add("channel", "\(channel) -> \(release)")
    }
    return head.lines + remote.releases.map { lines(of: $0) }.joined()
  }

  /// A release and its variants.
  static func lines(of release: ReleaseMessage) -> String {
    let marks = [release.completeness] + (release.current ? ["current"] : [])
    var table = Table(
      ["TARGET", "WEBPACK", "RULES", "ENTRY", "FILES", "SIZE", "EXPOSES"], rightAligned: [4, 5],
      indentation: 2)
    for variant in release.variants {
      table.add(
        variant.target, variant.webpack, variant.ruleSet, variant.entry, "\(variant.files)",
        "\(variant.bytes)", variant.exposes.joined(separator: " "))
    }
    return "release \(release.release) (\(marks.joined(separator: ", "))), "
      + "\(UTCTime.text(seconds: release.createdAt))\n" + table.lines
  }
}
