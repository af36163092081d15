import LarderCore
import LarderMessages

/// The answers of `larder store` for people.
enum StoreText {
  static func line(of progress: AdminMessage.Progress) -> String {
    "\(progress.segments) of \(progress.segmentsTotal) segments, \(progress.records) records, "
      + "\(ByteCount(progress.readBytes)) read, \(progress.findings) findings"
  }

  static func lines(of checked: AdminMessage.Checked) -> String {
    var text = ""
    for finding in checked.findings {
      var place = finding.segment.map { "segment \($0)" } ?? finding.realm.map { "realm \($0)" }
      if let offset = finding.offset { place = "\(place ?? "") at \(offset)" }
      text += finding.repaired ? "mended " : ""
      text += finding.kind + (place.map { " in \($0)" } ?? "") + ": \(finding.detail)"
      text += (finding.digest.map { " (\($0))" } ?? "") + "\n"
    }
    let told = checked.findings.count
    if told < checked.progress.findings {
      text += "and \(checked.progress.findings - told) more\n"
    }
    let end = checked.whole ? "" : "; stopped before its end"
    return text + line(of: checked.progress) + ", \(checked.repaired) mended\(end)\n"
  }

  static func lines(of collected: AdminMessage.Collected) -> String {
    "freed \(ByteCount(max(0, collected.freedBytes))): \(collected.segments) segments, "
      + "\(collected.evictedRecords) records evicted, \(ByteCount(collected.movedBytes)) moved"
      + (collected.enough ? "\n" : "; the rest is held\n")
  }

  static func lines(of blobs: [AdminMessage.Blob]) -> String {
    var table = Table(rightAligned: [1, 2])
    for blob in blobs {
      table.add(
        blob.digest.hex, "\(ByteCount(blob.size))", "\(ByteCount(blob.storedBytes))",
        blob.used ? "used" : "-", holds(of: blob))
    }
    return table.lines
  }

  static func lines(of reasons: AdminMessage.Reasons) -> String {
    var table = Table()
    if let blob = reasons.blob {
      table.add("size", "\(ByteCount(blob.size))")
      table.add("stored", "\(ByteCount(blob.storedBytes)) in \(blob.chunks) chunks")
      table.add("place", "segment \(blob.segment) at \(blob.offset)")
      table.add("used", blob.used ? "since the last collection" : "no")
      table.add("held by", holds(of: blob))
    }
    for use in reasons.releases {
      table.add("release", "\(use.path) of \(use.remote) \(use.release)")
    }
    for url in reasons.fetches { table.add("fetched from", url) }
    if let time = reasons.purgedAt { table.add("purged", UTCTime.text(seconds: time)) }
    for record in reasons.quarantined {
      table.add(
        "damaged",
        "\(UTCTime.text(seconds: record.at)) in segment \(record.segment) at \(record.offset): "
          + record.reason)
    }
    return table.lines
  }

  private static func holds(of blob: AdminMessage.Blob) -> String {
    var holds = blob.kept ? ["a release"] : []
    if blob.leases > 0 { holds.append("\(blob.leases) leases") }
    return holds.isEmpty ? "-" : holds.joined(separator: ", ")
  }
}
