import Glibc

/// What a disk holds: what is there for good, and what a power cut may still take back.
///
/// The model is what POSIX promises and no more: bytes and length of a file last after its sync,
/// names after the sync of their directory. What was not synced survives in any part: each sector
/// of 512 bytes and each name by itself, lengths of one file in their order.
package struct DiskImage {
  /// How much of what was not synced a crash leaves.
  package enum Survival: CaseIterable, Sendable {
    /// A power cut that takes everything which was not synced.
    case nothing
    /// A power cut that takes some, for each file with a chance of its own.
    case some
    /// The death of the process.
    case everything
  }

  fileprivate enum FileChange {
    case write(at: Int, [UInt8])
    case resize(to: Int)
    case grow(to: Int)
  }

  private struct Contents {
    var durable: [UInt8] = []
    var pending: [FileChange] = []
  }

  /// What a name stands for; a folder has no contents of its own.
  private enum Entry {
    case file(Int)
    case folder
  }

  private enum NameChange {
    case set(String, Entry)
    case remove(String)
    case rename(String, to: String, Entry)

    var name: String {
      switch self {
      case .set(let name, _), .remove(let name), .rename(let name, _, _): name
      }
    }
  }

  private var files: [Contents] = []
  /// As the running system sees them.
  private var names: [String: Entry] = [:]
  private var durableNames: [String: Entry] = [:]
  private var pendingNames: [NameChange] = []

  /// An empty folder.
  package init() {}

  /// These files, all of them durable; nil is a folder.
  package init(_ contents: [String: [UInt8]?]) {
    for (name, bytes) in contents {
      if let bytes {
        names[name] = .file(files.count)
        files.append(Contents(durable: bytes))
      } else {
        names[name] = .folder
      }
    }
    durableNames = names
  }

  package mutating func apply(_ change: DiskChange) {
    switch change {
    case .makeDirectory(let name): if names[name] == nil { set(name, .folder) }
    case .create(let name):
      if names[name] == nil {
        set(name, .file(files.count))
        files.append(Contents())
      }
    case .write(let name, let place, let bytes): pend(.write(at: place, bytes), on: name)
    case .resize(let name, let size): pend(.resize(to: size), on: name)
    case .grow(let name, let size): pend(.grow(to: size), on: name)
    case .sync(let name):
      guard case .file(let number) = names[name] else { return }
      for change in files[number].pending { change.apply(to: &files[number].durable) }
      files[number].pending = []
    case .syncDirectory(let folder):
      for change in pendingNames where DiskImage.parent(of: change.name) == folder {
        apply(change, to: &durableNames)
      }
      pendingNames.removeAll { DiskImage.parent(of: $0.name) == folder }
    case .rename(let name, let newName):
      guard let entry = names[name] else { return }
      alter(.rename(name, to: newName, entry))
    case .unlink(let name): alter(.remove(name))
    case .acknowledge: break
    }
  }

  /// The files after a crash now, by name; nil is a folder.
  package func afterCrash(_ survival: Survival, random: inout Seeded) -> [String: [UInt8]?] {
    var surviving = durableNames
    for change in pendingNames {
      let isKept =
        switch survival {
        case .nothing: false
        case .some: random.next() % 2 == 0
        case .everything: true
        }
      if isKept { apply(change, to: &surviving) }
    }
    var result: [String: [UInt8]?] = [:]
    // In order of names, so that the seed decides and not a dictionary.
    for (name, entry) in surviving.sorted(by: { $0.key < $1.key }) {
      let folder = DiskImage.parent(of: name)
      if !folder.isEmpty, surviving[folder] == nil { continue }
      switch entry {
      case .folder: result[name] = .some(nil)
      case .file(let number):
        result[name] = contents(of: files[number], survival, random: &random)
      }
    }
    return result
  }

  private func contents(
    of file: Contents, _ survival: Survival, random: inout Seeded
  ) -> [UInt8] {
    var bytes = file.durable
    // Quarters of what is not synced; nothing and all of one file beside parts of another is what
    // tells the order of two files.
    let quarters =
      switch survival {
      case .nothing: 0 as UInt64
      case .some: random.next() % 5
      case .everything: 4 as UInt64
      }
    var lengthsLast = true
    for change in file.pending {
      switch change {
      case .resize, .grow:
        lengthsLast = lengthsLast && random.next() % 4 < quarters
        if lengthsLast { change.apply(to: &bytes) }
      case .write(let place, let written):
        for part in DiskImage.sectors(place, written.count) where random.next() % 4 < quarters {
          let piece = Array(written[part.lowerBound - place..<part.upperBound - place])
          FileChange.write(at: part.lowerBound, piece).apply(to: &bytes)
        }
      }
    }
    return bytes
  }

  /// The parts of a write that lie in one sector each.
  private static func sectors(_ place: Int, _ count: Int) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = place
    while start < place + count {
      let end = min((start / 512 + 1) * 512, place + count)
      parts.append(start..<end)
      start = end
    }
    return parts
  }

  private mutating func pend(_ change: FileChange, on name: String) {
    // A descriptor may outlive its name; what it writes then nobody will read.
    guard case .file(let number) = names[name] else { return }
    files[number].pending.append(change)
  }

  private mutating func set(_ name: String, _ entry: Entry) { alter(.set(name, entry)) }

  private mutating func alter(_ change: NameChange) {
    apply(change, to: &names)
    pendingNames.append(change)
  }

  private func apply(_ change: NameChange, to names: inout [String: Entry]) {
    switch change {
    case .set(let name, let entry): names[name] = entry
    case .remove(let name): names[name] = nil
    case .rename(let name, let newName, let entry):
      names[name] = nil
      names[newName] = entry
    }
  }

  private static func parent(of name: String) -> String {
    name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ""
  }
}

extension DiskImage.FileChange {
  func apply(to bytes: inout [UInt8]) {
    switch self {
    case .resize(let size):
      if size < bytes.count { bytes.removeLast(bytes.count - size) } else { grow(&bytes, to: size) }
    case .grow(let size): grow(&bytes, to: size)
    case .write(let place, let written):
      grow(&bytes, to: place + written.count)
      bytes.replaceSubrange(place..<place + written.count, with: written)
    }
  }

  private func grow(_ bytes: inout [UInt8], to size: Int) {
    if size > bytes.count { bytes += [UInt8](repeating: 0, count: size - bytes.count) }
  }
}
