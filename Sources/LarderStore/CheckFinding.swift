package import LarderCore

/// One thing that a check found wrong.
package struct CheckFinding: Hashable, Sendable {
  /// What kind of thing; each is explained in the manual.
  package enum Kind: String, Sendable, CaseIterable {
    /// A segment's file is unreadable, short, or its header fails its check.
    case badSegment
    /// A sealed segment's footer fails its check; its records are as good as before.
    case badFooter
    /// A record fails a check: it is a miss from now on, and stands in the quarantine.
    case damagedRecord
    /// A sound record that the index does not name, and that nobody dropped.
    case missingRow
    /// A row of the index that names no record of its digest.
    case strayRow
    /// A sound record with a row that the memory table does not find.
    case missingEntry
    /// A large blob that lacks chunks: it is a miss from now on.
    case incompleteBlob
    /// A counter that differs from a recount.
    case badAccount
    /// SQLite finds the index damaged.
    case badIndex
  }

  package let kind: Kind
  package var segment: UInt64?
  /// Of the record's header within the segment.
  package var offset: Int64?
  package var realm: RealmID?
  package var digest: Digest?
  /// Nothing was lost by it, and the next check does not find it again.
  package var isRepaired = false
  /// What is wrong, for people.
  package var detail: String
}

/// How far a check is.
package struct CheckProgress: Hashable, Sendable {
  package internal(set) var segments = 0
  /// Segments to look at; some may go while the check runs.
  package internal(set) var segmentsTotal = 0
  package internal(set) var records = 0
  /// Bytes of records that were read, decoded and hashed.
  package internal(set) var readBytes: Int64 = 0
  package internal(set) var findings = 0
}

/// What a check saw.
package struct CheckReport: Hashable, Sendable {
  package internal(set) var progress = CheckProgress()
  /// The first `findingsMax`; `progress.findings` counts all.
  package internal(set) var findings: [CheckFinding] = []
  package internal(set) var repaired = 0
  /// The walk came to its end; else its caller stopped it.
  package internal(set) var isWhole = false

  /// Findings that are told one by one: 1,000 lines are more than anybody reads.
  package static let findingsMax = 1_000

  mutating func add(_ finding: CheckFinding) {
    progress.findings += 1
    if finding.isRepaired { repaired += 1 }
    if findings.count < CheckReport.findingsMax { findings.append(finding) }
  }
}

/// What a check does beside comparing headers, rows and memory.
package struct CheckOptions: Hashable, Sendable {
  /// A share of the segments: those whose id leaves `part` modulo `of`.
  package struct Subset: Hashable, Sendable {
    package let part: UInt64
    package let of: UInt64

    /// - Parameter part: 1 to `of`; nil for anything else.
    package init?(part: UInt64, of: UInt64) {
      guard of > 0, (1...of).contains(part) else { return nil }
      self.part = part % of
      self.of = of
    }

    func contains(_ segment: UInt64) -> Bool { segment % of == part }
  }

  /// Every payload is read, decoded and hashed.
  package var readsData = false
  /// Whose payloads are read; nil for all.
  package var subset: Subset?
  /// What can be mended without loss is.
  package var repairs = false
  /// Bytes read in a second; nil for as fast as it goes.
  package var bytesPerSecondMax: ByteCount?
  /// Begins where the last one that resumed was stopped, and remembers how far it came.
  package var resumes = false

  package init() {}

  /// A scrub: everything is read at 16 MiB a second, a tenth of what a slow disk gives (a full
  /// store of 16 GiB takes 17 minutes), and mended where that loses nothing.
  package static var scrub: CheckOptions {
    var options = CheckOptions()
    options.readsData = true
    options.repairs = true
    options.bytesPerSecondMax = .mebibytes(16)
    options.resumes = true
    return options
  }
}
