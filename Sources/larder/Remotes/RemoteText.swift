import LarderCore
import LarderMessages

/// Remotes and releases for people.
enum RemoteText {
  /// A line for each remote.
  ///
  /// - Parameter now: seconds since 1970.
  static func lines(of remotes: [RemoteMessage.Remote], at now: Int64) -> String {
    if remotes.isEmpty {
      return "no remotes; add one with 'larder remote add' or 'larder publish'\n"
    }
    var table = Table(["NAME", "STATE", "CURRENT", "RELEASES", "CHANGED", "UPDATES", "FROM"])
    for remote in remotes {
      table.add(
        remote.name, remote.state.rawValue, remote.current?.release ?? "-", releases(of: remote),
        remote.releases.map(\.createdAt).max().map { ago($0, now) } ?? "-",
        updates(of: remote, at: now),
        remote.urls.isEmpty ? "published" : remote.urls.joined(separator: " "))
    }
    return table.lines
  }

  /// How many there are, and how many are kept for their number and their age.
  private static func releases(of remote: RemoteMessage.Remote) -> String {
    let count = "\(remote.releases.count)"
    guard let retention = remote.retention else { return count }
    let age = retention.seconds.map { ", \(StatusDocument.duration(seconds: $0))" } ?? ""
    return "\(count) (keeps \(retention.newest)\(age))"
  }

  /// When its origin is asked.
  private static func updates(of remote: RemoteMessage.Remote, at now: Int64) -> String {
    if remote.urls.isEmpty { return "-" }
    let updates = remote.updates ?? RemoteMessage.Updates()
    var parts = [
      updates.everySeconds.map { "every \(StatusDocument.duration(seconds: $0))" } ?? "on demand"
    ]
    if let since = updates.failingSince {
      parts.append("failing for \(StatusDocument.duration(seconds: max(now - since, 0)))")
    } else if let asked = updates.askedAt {
      parts.append("asked \(ago(asked, now))")
    }
    if let next = updates.nextAt {
      parts.append("next in \(StatusDocument.duration(seconds: max(next - now, 0)))")
    }
    return parts.joined(separator: ", ")
  }

  private static func ago(_ time: Int64, _ now: Int64) -> String {
    "\(StatusDocument.duration(seconds: max(now - time, 0))) ago"
  }

  /// One remote with its channels and releases.
  ///
  /// - Parameter now: seconds since 1970.
  static func lines(of remote: RemoteMessage.Remote, at now: Int64) -> String {
    var head = Table()
    head.add("remote", remote.name)
    head.add(
      "state", remote.state.rawValue + (remote.message.map { ": \($0)" } ?? ""))
    for url in remote.urls { head.add("from", url) }
    if !remote.urls.isEmpty { head.add("updates", updates(of: remote, at: now)) }
    if let message = remote.updates?.message, message != remote.message {
      head.add("", message)
    }
    head.add("releases", releases(of: remote))
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
