import Glibc
import SystemPackage

@testable import LarderPlatform
@testable import LarderStore

/// One file in memory that every execution writes its segment to.
enum SegmentScratch {
  private static let memory: MemoryFile? = try? MemoryFile(byteCount: 0)

  /// The file with these bytes, open.
  static func segment(_ bytes: [UInt8]) -> Segment {
    guard let memory else { preconditionFailure("no memory to work with") }
    let file = File(owning: dup(memory.descriptor), path: "segment", system: .real)
    do {
      try file.truncate(to: 0)
      try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    } catch {
      preconditionFailure("no memory to work with: \(error)")
    }
    return Segment(header: SegmentMending.header, file: file)
  }
}
